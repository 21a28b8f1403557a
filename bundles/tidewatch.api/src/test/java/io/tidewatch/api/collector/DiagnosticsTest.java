package io.tidewatch.api.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiagnosticsTest {
    private final Diagnostics diagnostics = new Diagnostics();

    @Test
    void namesTheFirstTenAndCountsTheOthers() {
        diagnostics.noteNames("exclude", "excluded", List.of());
        assertThat(diagnostics.list()).isEmpty();

        diagnostics.noteNames("exclude", "excluded", List.of("docker0", "lo"));
        diagnostics.noteNames("exclude", "excluded", names(10));
        diagnostics.noteNames("exclude", "excluded", names(12));
        assertThat(diagnostics.list())
                .extracting(Diagnostic::message)
                .containsExactly(
                        "excluded: docker0, lo",
                        "excluded: e0, e1, e2, e3, e4, e5, e6, e7, e8, e9",
                        "excluded: e0, e1, e2, e3, e4, e5, e6, e7, e8, e9 and 2 more");
        assertThat(diagnostics.hasDamage()).isFalse();
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "e" + i).toList();
    }
}
