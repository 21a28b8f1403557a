package io.tidewatch.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CauseConverterTest {
    private final CauseConverter converter = new CauseConverter();

    @Test
    void saysNothingWithoutAnException() {
        assertThat(converter.convert(Events.of("Text", null, Map.of()))).isEmpty();
    }

    @Test
    void tellsAnOperationalFailureOnTheSameLine() {
        assertThat(converter.convert(Events.of("Text", new IOException("disk full"), Map.of())))
                .isEqualTo(" (IOException: disk full)");
    }

    @Test
    void showsTheStackOfABug() {
        assertThat(converter.convert(Events.of("Text", new IllegalStateException("impossible"), Map.of())))
                .startsWith(System.lineSeparator() + "java.lang.IllegalStateException: impossible")
                .contains("showsTheStackOfABug");
    }
}
