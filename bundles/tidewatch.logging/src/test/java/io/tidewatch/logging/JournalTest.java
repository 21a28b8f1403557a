package io.tidewatch.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JournalTest {
    @TempDir
    private Path folder;

    @Test
    void isTheStreamThatTheEnvironmentNames() throws IOException {
        Path file = Files.createFile(folder.resolve("stream"));
        Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
        String stream = attributes.get("dev") + ":" + attributes.get("ino");

        assertThat(Journal.isStream(stream, file)).isTrue();
        assertThat(Journal.isStream(stream + "1", file)).isFalse();
        assertThat(Journal.isStream("nonsense", file)).isFalse();
        assertThat(Journal.isStream(null, file)).isFalse();
        assertThat(Journal.isStream(stream, folder.resolve("none"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ERROR, 3", "WARN, 4", "INFO, 6", "DEBUG, 7", "TRACE, 7"})
    void eachLineHasItsPriority(String level, int priority) {
        byte[] lines = "one ä\n\ttwo\n".getBytes(StandardCharsets.UTF_8);

        assertThat(new String(Journal.prefixed(Level.valueOf(level), lines), StandardCharsets.UTF_8))
                .isEqualTo("<%d>one ä\n<%d>\ttwo\n", priority, priority);
    }

    @Test
    void theTimeIsLeftOutWhereTheJournalHasIt() {
        var event = Events.of("text", null, Map.of());

        assertThat(new HeadConverter(true).convert(event)).isEmpty();
        assertThat(new HeadConverter(false).convert(event))
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) WARN  ");
    }

    @Test
    void theOutputPrefixesWhatItWrites() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        QueuedOutput output = new QueuedOutput(new PrintStream(written, true, StandardCharsets.UTF_8), true);
        output.setEncoder(new JsonEncoder());
        output.start();
        output.doAppend(Events.of("text", null, Map.of()));
        output.stop();

        assertThat(written.toString(StandardCharsets.UTF_8)).matches("<4>\\{.*}\n");
    }
}
