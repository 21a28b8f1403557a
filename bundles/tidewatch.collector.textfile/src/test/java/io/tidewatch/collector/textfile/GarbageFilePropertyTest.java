package io.tidewatch.collector.textfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.collector.FixtureTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is in one file, the others are read as without it. */
class GarbageFilePropertyTest {
    private static final byte[] LIKELY = "0123456789 \t\n\r{}=\",#\\.-+eNaIf_\0\u00ff".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VALID =
            """
            # HELP g_total Help
            # TYPE g_total counter
            g_total{x="1",y="a\\"b"} 12.5 1759999000000
            # TYPE g_seconds histogram
            g_seconds_bucket{le="+Inf"} 3
            g_seconds_sum 4.25
            """
                    .getBytes(StandardCharsets.UTF_8);

    @Property(tries = 100)
    void arbitraryBytes(@ForAll byte[] garbage) throws Exception {
        check(garbage);
    }

    @Property(tries = 200)
    void aDamagedFile(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        byte[] damaged = VALID.clone();
        for (int edits = random.nextInt(12); edits >= 0; edits--) {
            damaged[random.nextInt(damaged.length)] = LIKELY[random.nextInt(LIKELY.length)];
        }
        check(Arrays.copyOf(damaged, random.nextInt(damaged.length + 1)));
    }

    private static void check(byte[] garbage) throws Exception {
        Path root = Files.createTempDirectory("garbage");
        try {
            TextfileFolder folder = new TextfileFolder(root).with("scripts");
            Map<String, Double> whole =
                    new TreeMap<>(TextfileFolder.foreign(folder.collector().collect()));
            // One that is read before the others, and one after.
            folder.write("a.prom", garbage).write("z.prom", garbage);
            TextfileCollector collector = folder.collector();
            for (int pass = 0; pass < 2; pass++) {
                assertThat(TextfileFolder.foreign(collector.collect())).containsAllEntriesOf(whole);
            }
            Files.delete(folder.path("a.prom"));
            Files.delete(folder.path("z.prom"));
            assertThat(TextfileFolder.foreign(collector.collect())).isEqualTo(whole);
            assertThat(collector.diagnostics()).isEmpty();
        } finally {
            FixtureTree.empty(root).remove("");
        }
    }
}
