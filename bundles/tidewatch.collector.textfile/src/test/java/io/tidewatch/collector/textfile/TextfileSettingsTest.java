package io.tidewatch.collector.textfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator writes, and what is said of mistakes before they take effect. */
class TextfileSettingsTest {
    private final TextfileCollector.Check check = new TextfileCollector.Check();

    @Test
    void everyKeyIsRead() {
        List<InvalidSettingException> problems = new ArrayList<>();
        TextfileCollector.Settings settings = TextfileCollector.Settings.read(
                new WrittenSettings(Map.of(
                                "folder", "/var/lib/textfile/",
                                "include", "a",
                                "exclude", "a|b",
                                "labels", " job = backup,Site=a b ",
                                "max.series", "9000",
                                "max.bytes", "1MiB",
                                "timestamps", "false",
                                "stale.after", "2h"))
                        .as(TextfileCollector.Config.class),
                new SettingReader(problems));
        assertThat(problems).isEmpty();
        assertThat(settings.folder()).contains(Path.of("/var/lib/textfile"));
        assertThat(settings.staleAfter()).isEqualTo(Duration.ofHours(2));
        assertThat(settings.page().labels()).containsExactly(Map.entry("Site", "a b"), Map.entry("job", "backup"));
        assertThat(settings.page().maxSeries()).isEqualTo(9000);
        assertThat(settings.page().maxBytes()).isEqualTo(1 << 20);
        assertThat(settings.page().timestamps()).isFalse();
        assertThat(settings.page().names().accepts("a")).isTrue();
        assertThat(settings.page().names().accepts("b")).isFalse();
    }

    @Test
    void theFolderAloneIsEnough() {
        assertThat(check.concerns("tidewatch.collector.textfile")).isTrue();
        assertThat(check.concerns("tidewatch.collector.textfiles")).isFalse();
        assertThat(check.problems(Map.of("folder", "/x"))).isEmpty();
        assertThat(check.problems(Map.of()))
                .extracting(InvalidSettingException::key)
                .containsExactly("folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "folder|textfile|the absolute path of a folder",
                "include|(|regular expressions over whole names",
                "exclude|a, [|at position 4",
                "labels|job|name=value pairs separated by commas",
                "labels|job=a,|name=value pairs separated by commas",
                "labels|my-job=a|label names of letters, digits and _",
                "labels|__name__=a|found '__name__'",
                "labels|device_id=a|device_id excepted",
                "labels|a=|label values of 1 to 256 characters",
                "labels|a=1, a=2|'a' is there twice",
                "max.series|0|a whole number from 1 to 9000",
                "max.series|9001|a whole number from 1 to 9000",
                "max.bytes|16MB|did you mean 16MiB?",
                "max.bytes|0B|a size from 1B to 256MiB",
                "max.bytes|1GiB|a size from 1B to 256MiB",
                "timestamps|yes|true or false",
                "stale.after|1 day|did you mean 1d?",
            })
    void aMistakeIsReportedWithItsKeyAndWhatIsAccepted(String key, String value, String accepted) {
        Map<String, String> written = new HashMap<>(Map.of("folder", "/x"));
        written.put(key, value);
        assertThat(check.problems(written)).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.getMessage())
                    .contains("invalid " + key + " \"" + value + "\"")
                    .contains(accepted);
        });
    }

    @Test
    void thereAreNotMoreLabelsThanOfADevice() {
        StringBuilder labels = new StringBuilder("a=1");
        for (int i = 0; i < 20; i++) {
            labels.append(",l").append(i).append("=1");
        }
        assertThat(check.problems(Map.of("folder", "/x", "labels", labels.toString())))
                .extracting(InvalidSettingException::accepted)
                .containsExactly("at most 20 labels");
    }

    @Test
    void agesAreInWholeUnits() {
        assertThat(List.of(40L, 150L, 7_300L, 1_100_000L).stream()
                        .map(s -> MetricFileReader.text(Duration.ofSeconds(s))))
                .containsExactly("40s", "2m", "2h", "12d");
    }
}
