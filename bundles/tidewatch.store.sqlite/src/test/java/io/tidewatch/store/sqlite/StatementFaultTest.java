package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store lives through a failure of each of its statements, of each kind, once and for ten seconds, and works afterwards
 * as if nothing had failed. A test makes some of these runs; {@code tidewatch.faults} makes
 * more of them, and {@link #main} a single one.
 */
@Tag("slow")
class StatementFaultTest {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long TEN_SECONDS = Duration.ofSeconds(10).toNanos();

    /** Runs of each start in a test. */
    private static final int RUNS = Integer.getInteger("tidewatch.faults", 200);

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
        int runs = Math.min(RUNS, all.size());
        for (int i = 0; i < runs; i++) {
            some.add(all.get((int) ((long) i * all.size() / runs)));
        }
        List<String> failures = new ArrayList<>();
        for (Fault fault : some) {
            failures.addAll(run(start, fault));
        }
        System.out.println(start + ": " + some.size() + " of " + all.size() + " faults of statements");
        assertThat(failures).isEmpty();
    }

    /**
     * Makes one run and prints what is not as it should be.
     *
     * @param arguments start, kind, {@code once} or {@code lasting}, point
     */
    public static void main(String[] arguments) throws Exception {
        Fault fault = new Fault(
                Long.parseLong(arguments[3]),
                StatementFaults.Kind.valueOf(arguments[1]),
                arguments[2].equals("lasting"));
        System.out.println(run(StoreLife.Start.valueOf(arguments[0]), fault));
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
