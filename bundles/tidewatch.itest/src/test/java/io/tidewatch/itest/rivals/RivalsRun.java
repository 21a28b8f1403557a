package io.tidewatch.itest.rivals;

import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * One run: starts, live windows, an outage and what comes after it, of all rivals at the same time.
 *
 * @param windows how many parts the live time has
 * @param window how long one of them takes
 * @param outage how long the server cannot be reached
 * @param tickSeconds of what {@code /proc/PID/stat} counts in
 */
record RivalsRun(
        VictoriaMetrics server,
        Received received,
        List<Rival> rivals,
        int windows,
        Duration window,
        Duration outage,
        double tickSeconds) {

    private static final Clock CLOCK = Clock.systemUTC();
    private static final int STARTS = 3;
    private static final Duration FIRST_SAMPLE_LIMIT = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_AGES = Duration.ofSeconds(5);

    /** All three wait at most a minute between two attempts to reach a server. */
    private static final Duration QUIET = Duration.ofSeconds(75);

    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(4);

    /** Measures everything, and leaves the rivals running. */
    Measured measure() throws Exception {
        Map<Rival, List<RivalsResult.Start>> starts = new HashMap<>();
        for (Rival rival : rivals) {
            starts.put(rival, startsOf(rival));
        }
        say("all run; live windows begin in " + SETTLE.toSeconds() + " s");
        sleep(SETTLE);
        Map<Rival, List<RivalsResult.Window>> live = new HashMap<>();
        rivals.forEach(rival -> live.put(rival, new ArrayList<>()));
        List<Double> busy = new ArrayList<>();
        for (int i = 1; i <= windows; i++) {
            say("live window " + i + " of " + windows);
            busy.add(liveWindow(live));
        }
        say("the server is out of reach for " + outage.toSeconds() + " s");
        Map<Rival, RivalsResult.Outage> outages = outages();
        List<RivalsResult.Contender> contenders = new ArrayList<>();
        for (Rival rival : rivals) {
            contenders.add(new RivalsResult.Contender(
                    rival.name(),
                    rival.programs(),
                    seriesBySource(rival),
                    rival.installedKb(),
                    starts.get(rival),
                    live.get(rival),
                    outages.get(rival),
                    rival.read().peakKb()));
        }
        return new Measured(busy, contenders);
    }

    /** What was measured. */
    record Measured(List<Double> busyShare, List<RivalsResult.Contender> contenders) {}

    private List<RivalsResult.Start> startsOf(Rival rival) throws Exception {
        List<RivalsResult.Start> starts = new ArrayList<>();
        for (int i = 1; i <= STARTS; i++) {
            if (i > 1) {
                rival.stop();
            }
            server.flush();
            // Some times are in whole seconds, and something from before the stop may be under way.
            long before = Math.max(received.newest(rival.selector()).orElse(0), CLOCK.millis() / 1000 * 1000 - 1);
            long began = System.nanoTime();
            rival.start();
            do {
                sleep(Duration.ofMillis(100));
                server.flush();
                if (System.nanoTime() - began > FIRST_SAMPLE_LIMIT.toNanos()) {
                    throw new IOException("The server has no sample of " + rival.name() + " after "
                            + FIRST_SAMPLE_LIMIT.toSeconds() + " s. Its output is below the folder work of the run.");
                }
            } while (received.newest(rival.selector()).orElse(0) <= before);
            starts.add(new RivalsResult.Start(seconds(System.nanoTime() - began), cpuSeconds(rival.read())));
            say(rival.name() + ", start " + i + ": " + starts.get(i - 1));
        }
        return starts;
    }

    /** @return which part of the machine's processors was busy meanwhile */
    private double liveWindow(Map<Rival, List<RivalsResult.Window>> live) throws Exception {
        Map<Rival, State> before = states();
        Map<Rival, List<Double>> ages = new HashMap<>();
        rivals.forEach(rival -> ages.put(rival, new ArrayList<>()));
        long busy = busyTicks();
        long began = System.nanoTime();
        long end = began + window.toNanos();
        while (end - System.nanoTime() > BETWEEN_AGES.toNanos()) {
            sleep(BETWEEN_AGES);
            for (Rival rival : rivals) {
                OptionalLong newest = received.newest(rival.selector());
                if (newest.isPresent()) {
                    ages.get(rival).add((CLOCK.millis() - newest.getAsLong()) / 1e3);
                }
            }
        }
        sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        Map<Rival, State> after = states();
        for (Rival rival : rivals) {
            State from = before.get(rival);
            State to = after.get(rival);
            live.get(rival)
                    .add(new RivalsResult.Window(
                            seconds(to.nanos - from.nanos),
                            to.reading.residentKb(),
                            to.reading.proportionalKb(),
                            to.reading.anonymousKb(),
                            to.reading.threads(),
                            cpuSeconds(to.reading) - cpuSeconds(from.reading),
                            to.reading.wakeupsSince(from.reading),
                            to.samples - from.samples,
                            to.wireBytes - from.wireBytes,
                            to.reading.writtenBytes() - from.reading.writtenBytes(),
                            ages.get(rival)));
        }
        return (busyTicks() - busy)
                * tickSeconds
                / seconds(System.nanoTime() - began)
                / Runtime.getRuntime().availableProcessors();
    }

    private Map<Rival, RivalsResult.Outage> outages() throws Exception {
        Map<Rival, State> before = states();
        long from = CLOCK.millis();
        for (Rival rival : rivals) {
            rival.link().cut();
        }
        sleep(outage);
        Map<Rival, State> atEnd = states();
        long to = CLOCK.millis();
        Map<Rival, CatchUp> catchUps = new HashMap<>();
        for (Rival rival : rivals) {
            catchUps.put(rival, new CatchUp(rival, received, from, to));
        }
        for (Rival rival : rivals) {
            rival.link().fix();
        }
        say("the server is back");
        long began = System.nanoTime();
        Duration since = Duration.ZERO;
        while (since.compareTo(CATCH_UP_LIMIT) < 0 && !allQuiet(catchUps, since)) {
            sleep(Duration.ofMillis(500));
            server.flush();
            since = Duration.ofNanos(System.nanoTime() - began);
            for (CatchUp catchUp : catchUps.values()) {
                catchUp.look(received, since);
            }
        }
        Map<Rival, State> after = states();
        Map<Rival, RivalsResult.Outage> outages = new HashMap<>();
        for (Rival rival : rivals) {
            CatchUp catchUp = catchUps.get(rival);
            Loss loss = Loss.over(
                    received.histories(rival.selector()).stream()
                            .map(Received.History::times)
                            .toList(),
                    from,
                    to);
            outages.put(
                    rival,
                    new RivalsResult.Outage(
                            (to - from) / 1e3,
                            loss,
                            catchUp.freshAfter(),
                            catchUp.completeAfter(),
                            Math.max(0, catchUp.samples() - atEnd.get(rival).samples),
                            Math.max(0, catchUp.wireBytes() - atEnd.get(rival).wireBytes),
                            after.get(rival).reading.writtenBytes()
                                    - before.get(rival).reading.writtenBytes(),
                            after.get(rival).samples - before.get(rival).samples));
        }
        return outages;
    }

    private static boolean allQuiet(Map<Rival, CatchUp> catchUps, Duration since) {
        return catchUps.values().stream().allMatch(catchUp -> catchUp.quietFor(since, QUIET));
    }

    /** What a rival has cost and delivered until a moment. */
    private record State(long nanos, ProcessReading reading, long samples, long wireBytes) {}

    private Map<Rival, State> states() throws IOException {
        server.flush();
        Map<Rival, State> states = new HashMap<>();
        for (Rival rival : rivals) {
            states.put(
                    rival,
                    new State(
                            System.nanoTime(),
                            rival.read(),
                            received.samples(rival.selector()),
                            rival.link().bytes()));
        }
        return states;
    }

    private TreeMap<String, Integer> seriesBySource(Rival rival) throws IOException {
        TreeMap<String, Integer> series = new TreeMap<>();
        for (Received.History history : received.histories(rival.selector())) {
            series.merge(rival.sourceOf(history.name()), 1, Integer::sum);
        }
        return series;
    }

    private double cpuSeconds(ProcessReading reading) {
        return reading.cpuTicks() * tickSeconds;
    }

    private static long busyTicks() throws IOException {
        return ProcText.busyTicks(Files.readString(Path.of("/proc/stat")));
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static void sleep(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void say(String what) {
        System.out.println("bench: " + what);
    }
}
