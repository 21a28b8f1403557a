package io.tidewatch.collector.textfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.testing.collector.DocumentedCollector;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The README and the sample say what the code says. An instance has its own file, and has to name its folder. */
class TextfileDocumentsTest implements DocumentedCollector {
    private static final Path SAMPLE =
            Path.of("../../config/examples/own-metrics/tidewatch.collector.textfile-scripts.cfg");
    private static final String FOLDER = "folder = /var/lib/tidewatch-textfile";

    @Override
    public Collector typicalCollector() {
        return new TextfileFolder(Path.of("/nowhere")).collector();
    }

    @Test
    @Override
    public void theReadmeListsEveryKeyWithItsDefault() throws Exception {
        List<String> readme = Files.readAllLines(Path.of("README.md"));
        int begin = readme.indexOf("| Key in `tidewatch.collector.textfile-<name>.cfg` | Default | Meaning |") + 2;
        assertThat(begin).isGreaterThan(1);
        List<String> keys = new ArrayList<>();
        for (String line : readme.subList(begin, readme.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            keys.add(line.replaceFirst("^\\| (`.*?` \\| `.*?`) \\| .+ \\|$", "$1"));
        }
        assertThat(keys)
                .containsExactlyInAnyOrderElementsOf(defaults().entrySet().stream()
                        .map(key -> "`" + key.getKey() + "` | `" + key.getValue() + "`")
                        .toList());
    }

    @Test
    @Override
    public void theSampleListsEveryKeyWithItsDefault() throws Exception {
        List<String> expected = new ArrayList<>(defaults().entrySet().stream()
                .map(key -> ("#" + key.getKey() + " = " + key.getValue()).strip())
                .toList());
        expected.set(expected.indexOf("#folder ="), FOLDER);
        List<String> listed = Files.readAllLines(SAMPLE).stream()
                .filter(line -> line.matches("#?[a-z.]+ =.*"))
                .map(String::strip)
                .toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(new TextfileSettingsCheck().problems(Map.of("folder", FOLDER.substring(9))))
                .isEmpty();
    }

    /** Those of every collector, and its own. */
    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("enabled", "true");
        defaults.put("interval", "30s");
        defaults.put("timeout", "5s");
        defaults.put("priority", "normal");
        for (Method key : TextfileCollector.Config.class.getDeclaredMethods()) {
            defaults.put(key.getName().replace('_', '.'), String.valueOf(key.getDefaultValue()));
        }
        return defaults;
    }
}
