package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.process.PreloadedLibrary;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A store lives through a failure of each system call on each of its files, once and for ten seconds, and works afterwards
 * as if nothing had failed. A test makes some of these runs, in a process of their own with the library that makes calls
 * fail; {@code tidewatch.faults} makes more of them.
 */
@Tag("slow")
class SystemCallFaultTest {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long TEN_SECONDS = Duration.ofSeconds(10).toNanos();
    private static final int EIO = 5;
    private static final int ENOSPC = 28;

    /** Runs of each start in a test. */
    private static final int RUNS = Integer.getInteger("tidewatch.faults", 120);

    @TempDir
    Path folder;

    private record Fault(String call, String file, long index, int errno, boolean lasting) {
        @Override
        public String toString() {
            return call + " " + index + " of " + file + (errno == EIO ? " EIO" : " ENOSPC")
                    + (lasting ? " for ten seconds" : " once");
        }
    }

    @ParameterizedTest
    @EnumSource(StoreLife.Start.class)
    @Timeout(3600)
    void everythingWorksAfterASystemCallFailed(StoreLife.Start start) throws Exception {
        Path library = PreloadedLibrary.compile(Path.of("src/test/c/faultdisk.c"), folder.resolve("faultdisk.so"));
        Path database = Files.createTempDirectory(Files.isWritable(MEMORY) ? MEMORY : folder, "tidewatch-calls")
                .toRealPath();
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SystemCallFaultTest.class.getName(),
                database.toString(),
                start.name(),
                String.valueOf(RUNS));
        builder.environment().put("LD_PRELOAD", library.toAbsolutePath().toString());
        builder.environment().put("FAULTDISK_FOLDER", database.toString());
        builder.environment().put("FAULTDISK_COUNTS", folder.resolve("counts").toString());
        builder.redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        Process child = builder.start();
        try {
            assertThat(child.waitFor(1, TimeUnit.HOURS)).isTrue();
        } finally {
            child.destroyForcibly();
            delete(database);
        }
        List<String> lines = Files.readAllLines(out);
        assertThat(child.exitValue()).as("%s", lines).isZero();
        String summary = lines.get(lines.size() - 1);
        System.out.println(summary);
        assertThat(summary).startsWith(start.name());
        assertThat(lines.subList(0, lines.size() - 1)).isEmpty();
    }

    /** The child: prints a line for each run that failed, and a last one. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Path.of(arguments[0]);
        StoreLife.Start start = StoreLife.Start.valueOf(arguments[1]);
        List<Fault> all = all(folder, start);
        long runs = Math.min(all.size(), Long.parseLong(arguments[2]));
        int hits = 0;
        for (long i = 0; i < runs; i++) {
            Fault fault = all.get((int) (i * all.size() / runs));
            SystemCallFaults[] faults = new SystemCallFaults[1];
            for (String violation : live(folder, start, fault, faults)) {
                out.println(fault + " -> " + violation);
            }
            hits += faults[0].hit() ? 1 : 0;
        }
        out.println(start + ": " + runs + " of " + all.size() + " faults of system calls, " + hits + " hit");
    }

    private static List<Fault> all(Path folder, StoreLife.Start start) throws Exception {
        List<String> violations = live(folder, start, null, new SystemCallFaults[1]);
        if (!violations.isEmpty()) {
            throw new IllegalStateException("Without a fault: " + violations);
        }
        List<Fault> all = new ArrayList<>();
        for (var calls : counts().entrySet()) {
            String[] call = calls.getKey().split(" ", -1);
            for (int errno : new int[] {EIO, ENOSPC}) {
                for (boolean lasting : new boolean[] {false, true}) {
                    for (long index = 0; index < calls.getValue(); index++) {
                        all.add(new Fault(call[0], call[1], index, errno, lasting));
                    }
                }
            }
        }
        return all;
    }

    private static Map<String, Long> counts() throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of(System.getenv("FAULTDISK_COUNTS")))) {
            int space = line.lastIndexOf(' ');
            counts.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
        }
        return counts;
    }

    private static List<String> live(Path folder, StoreLife.Start start, @Nullable Fault fault, SystemCallFaults[] used)
            throws Exception {
        AtomicLong nanos = new AtomicLong();
        SystemCallFaults faults = new SystemCallFaults(nanos::get, fault != null && fault.lasting() ? TEN_SECONDS : 0) {
            @Override
            public void begin() {
                if (fault != null) {
                    arm(fault.call(), fault.file(), fault.index(), fault.errno());
                }
            }

            @Override
            public void over() {
                super.over();
                if (fault == null) {
                    count();
                }
            }
        };
        used[0] = faults;
        List<String> violations = new ArrayList<>();
        try {
            StoreLife life = new StoreLife(folder, start, faults, nanos);
            try {
                life.live();
            } catch (Exception | Error e) {
                StackTraceElement[] stack = e.getStackTrace();
                violations.add("thrown: " + e + (stack.length > 0 ? " at " + stack[0] : ""));
            }
            violations.addAll(life.violations());
            return violations;
        } finally {
            faults.disarm();
            empty(folder);
        }
    }

    private static void empty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.toList()) {
                Files.delete(path);
            }
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
