package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store lives through a failure of each of its statements, of each kind, once and for ten seconds, and works afterwards
 * as if nothing had failed. A test makes some of these runs; {@link #main} makes all.
 */
class StatementFaultTest {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long TEN_SECONDS = Duration.ofSeconds(10).toNanos();

    /** Runs of each start in a test. */
    private static final int RUNS = 200;

    private record Fault(long point, StatementFaults.Kind kind, boolean lasting) {
        @Override
        public String toString() {
            return kind + (lasting ? " for ten seconds" : " once") + " at point " + point;
        }
    }

    @ParameterizedTest
    @EnumSource(StoreLife.Start.class)
    void everythingWorksAfterAStatementFailed(StoreLife.Start start) throws Exception {
        List<Fault> all = all(start);
        List<Fault> some = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            some.add(all.get((int) ((long) i * all.size() / RUNS)));
        }
        List<String> failures = new ArrayList<>();
        for (Fault fault : some) {
            failures.addAll(run(start, fault));
        }
        System.out.println(start + ": " + some.size() + " of " + all.size() + " faults of statements");
        assertThat(failures).isEmpty();
    }

    /**
     * Makes all runs and prints what is not as it should be.
     *
     * @param arguments the starts; none: all of them
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 1) {
            // One run: start, kind, once or lasting, point.
            Fault fault = new Fault(
                    Long.parseLong(arguments[3]),
                    StatementFaults.Kind.valueOf(arguments[1]),
                    arguments[2].equals("lasting"));
            System.out.println(run(StoreLife.Start.valueOf(arguments[0]), fault));
            return;
        }
        List<StoreLife.Start> starts = arguments.length == 0
                ? List.of(StoreLife.Start.values())
                : Stream.of(arguments).map(StoreLife.Start::valueOf).toList();
        long failed = 0;
        for (StoreLife.Start start : starts) {
            List<Fault> all = all(start);
            TreeMap<String, Integer> kinds = new TreeMap<>();
            for (Fault fault : all) {
                List<String> failures = run(start, fault);
                for (String failure : failures) {
                    failed++;
                    String kind = failure.replaceAll("[0-9]+", "#");
                    if (kinds.merge(kind.substring(kind.indexOf("->")), 1, Integer::sum) <= 3) {
                        System.out.println(start + ": " + failure);
                    }
                }
            }
            System.out.println(start + ": " + all.size() + " faults of statements");
            kinds.forEach((kind, count) -> System.out.println("  " + count + " x " + kind));
        }
        System.out.println(failed + " runs failed");
    }

    /** In an order in which every stretch has all kinds. */
    private static List<Fault> all(StoreLife.Start start) throws Exception {
        Result sound = live(start, null);
        if (!sound.violations().isEmpty()) {
            throw new IllegalStateException("Without a fault: " + sound.violations());
        }
        List<Fault> all = new ArrayList<>();
        for (StatementFaults.Kind kind : StatementFaults.Kind.values()) {
            for (boolean lasting : new boolean[] {false, true}) {
                for (long point = 0; point < sound.points(); point++) {
                    all.add(new Fault(point, kind, lasting));
                }
            }
        }
        return all;
    }

    private record Result(long points, String hit, List<String> violations) {}

    private static List<String> run(StoreLife.Start start, Fault fault) throws Exception {
        Result result = live(start, fault);
        return result.violations().stream()
                .map(violation -> fault + " (" + result.hit() + ") -> " + violation)
                .toList();
    }

    private static Result live(StoreLife.Start start, Fault fault) throws Exception {
        Path folder = Files.createTempDirectory(
                Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir")), "tidewatch-faults");
        AtomicLong nanos = new AtomicLong();
        StatementFaults faults = new StatementFaults(nanos::get);
        if (fault != null) {
            faults.arm(fault.point(), fault.kind(), fault.lasting() ? TEN_SECONDS : 0);
        }
        try {
            StoreLife life = new StoreLife(folder, start, faults, nanos);
            List<String> violations = new ArrayList<>();
            try {
                life.live();
            } catch (Exception | Error e) {
                StackTraceElement[] stack = e.getStackTrace();
                violations.add("thrown: " + e + (stack.length > 0 ? " at " + stack[0] : ""));
            }
            violations.addAll(life.violations());
            return new Result(faults.points(), String.valueOf(faults.hit()), violations);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
