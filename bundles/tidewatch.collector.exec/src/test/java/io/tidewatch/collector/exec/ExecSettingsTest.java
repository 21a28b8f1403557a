package io.tidewatch.collector.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.TypedConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExecSettingsTest {
    private static final Map<String, String> GOOD = Map.of("command", "/bin/echo 1");

    @Test
    void everyKeyIsRead() {
        List<InvalidSettingException> problems = new ArrayList<>();
        ExecSettings settings = ExecSettings.read(
                TypedConfiguration.of(
                        ExecCollector.Config.class,
                        Map.ofEntries(
                                Map.entry("command", "/bin/a \"b c\""),
                                Map.entry("environment", "A=1 \"B=2 3\" C="),
                                Map.entry("folder", " /tmp "),
                                Map.entry("format", "JSON"),
                                Map.entry("values", "a : b"),
                                Map.entry("kind", "counter"),
                                Map.entry("labels", "site = studio, rig=2"),
                                Map.entry("include", "a.*"),
                                Map.entry("exclude", ".*"),
                                Map.entry("max.series", "9000"),
                                Map.entry("max.bytes", "4MiB"))),
                new SettingReader(problems));
        assertThat(problems).isEmpty();
        assertThat(settings.command().words()).containsExactly("/bin/a", "b c");
        assertThat(settings.command().environment())
                .containsEntry("A", "1")
                .containsEntry("B", "2 3")
                .containsEntry("C", "")
                .containsKeys("PATH", "LANG", "HOME");
        assertThat(settings.command().folder()).isEqualTo(Path.of("/tmp"));
        assertThat(settings.format()).isEqualTo(ExecSettings.OutputFormat.JSON);
        assertThat(settings.kind()).isEqualTo(Kind.COUNTER);
        assertThat(settings.values()).hasSize(1);
        assertThat(settings.page().labels()).containsEntry("site", "studio").containsEntry("rig", "2");
        assertThat(settings.page().names().accepts("ab")).isTrue();
        assertThat(settings.page().names().accepts("b")).isFalse();
        assertThat(settings.page().maxSeries()).isEqualTo(9000);
        assertThat(settings.page().maxBytes()).isEqualTo(4 << 20);
    }

    @Test
    void theDefaultsAreAcceptedWithACommand() {
        assertThat(problems(GOOD)).isEmpty();
    }

    @Test
    void everyMistakeIsNamed() {
        assertThat(problems(Map.of())).singleElement().asString().contains("invalid command \"\"", "the absolute path");
        refused("command", "echo 1", "the absolute path of a program");
        refused("command", "/bin/echo \"1", "at position 11");
        refused("folder", "tmp", "the absolute path of a folder");
        refused("format", "xml", "prometheus, value, json");
        refused("kind", "histogram", "gauge, counter");
        refused("name", "x", "no name, unless format = value");
        refused("values", "a : b", "nothing, unless format = json");
        refused("values", "a b", "at position 3");
        refused("labels", "a", "name=value pairs");
        refused("labels", "a=1,a=2", "every label once");
        refused("labels", "device_id=1", "device_id excepted");
        refused("include", "/x, [", "at position");
        refused("exclude", "(", "at position");
        refused("max.series", "0", "a whole number from 1 to 9000");
        refused("max.bytes", "1GiB", "a size from 1KiB to 4MiB");
        refused("max.bytes", "100", "a size");
        assertThat(problems(with("format", "value"))).singleElement().asString().contains("the name of the metric");
        assertThat(problems(with("format", "json")))
                .singleElement()
                .asString()
                .contains("path : name pairs separated by commas, with format = json");
    }

    @Test
    void variablesAreNotShownAsTheyMayBeSecret() {
        for (String wrong : List.of("A=1 TOPSECRET", "A=TOPSECRET A=2", "\"A=TOPSECRET", "1A=TOPSECRET")) {
            assertThat(problems(with("environment", wrong)))
                    .singleElement()
                    .asString()
                    .contains("invalid environment \"…\"")
                    .doesNotContain("TOPSECRET");
        }
    }

    @Test
    void theCheckIsOfThisFactory() {
        assertThat(new ExecCollector.Check().concerns("tidewatch.collector.exec"))
                .isTrue();
        assertThat(new ExecCollector.Check().concerns("tidewatch.collector.scrape"))
                .isFalse();
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> values = new HashMap<>(GOOD);
        values.put(key, value);
        return values;
    }

    private static List<String> problems(Map<String, String> written) {
        return new ExecCollector.Check()
                .problems(written).stream()
                        .map(InvalidSettingException::getMessage)
                        .toList();
    }

    private static void refused(String key, String value, String accepted) {
        assertThat(problems(with(key, value)))
                .singleElement()
                .asString()
                .startsWith("invalid " + key + " \"" + value + "\"")
                .contains(accepted);
    }
}
