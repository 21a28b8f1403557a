package io.tidewatch.collector.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.config.TypedConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The root of the machine that runs the tests, compared with what df says of it. */
class RealMachineTest {
    /** What others may write or delete on this machine while the test looks. */
    private static final double TOLERANCE_BYTES = 256L << 20;

    private record Df(double size, double used, double available) {}

    @Test
    void saysWhatDfSays() throws Exception {
        Map<String, Double> values = valuesOfRoot();
        Df df = df();

        assertThat(values.get("size_bytes")).isEqualTo(df.size);
        assertThat(values.get("available_bytes"))
                .isBetween(df.available - TOLERANCE_BYTES, df.available + TOLERANCE_BYTES);
        double percent = 100 * df.used / (df.used + df.available);
        double tolerance = 100 * TOLERANCE_BYTES / (df.used + df.available) + 0.01;
        assertThat(values.get("used_percent")).isBetween(percent - tolerance, percent + tolerance);
        assertThat(values.get("readonly")).isEqualTo(isReadOnly() ? 1 : 0);
        assertThat(values).doesNotContainKey("files_free");
    }

    private static Map<String, Double> valuesOfRoot() throws Exception {
        ProcFs procFs = new ProcFs(Path.of("/proc"), Path.of("/sys"), Path.of("/"));
        FilesystemCollector collector = new FilesystemCollector(
                procFs,
                TypedConfiguration.of(
                        FilesystemCollector.Config.class, Map.of("fstypes", ".*", "exclude", "/.+", "include", "")));
        try {
            Map<String, Double> values = new HashMap<>();
            collector.collect().forEach(sample -> {
                assertThat(sample.tagValues().get(0)).isEqualTo("/");
                values.put(sample.metric().name().replace("filesystem.", ""), sample.value());
            });
            return values;
        } finally {
            collector.deactivate();
        }
    }

    private static boolean isReadOnly() throws Exception {
        return Files.getFileStore(Path.of("/")).isReadOnly();
    }

    private static Df df() throws Exception {
        Process process = new ProcessBuilder("df", "-B1", "--output=size,used,avail", "/").start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String[] numbers = output.split("\n", -1)[1].strip().split("\\s+", -1);
        return new Df(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
    }
}
