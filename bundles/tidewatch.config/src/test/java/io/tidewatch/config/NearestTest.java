package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({"'','',0", "'',abc,3", "abc,'',3", "kitten,sitting,3", "interval,intervall,1", "ab,ba,2", "same,same,0"
    })
    void distancesAreThoseOfLevenshtein(String one, String other, int distance) {
        assertThat(Nearest.distance(one, other)).isEqualTo(distance);
    }

    @Test
    void theNearestIsNamedUnlessNoneIsNear() {
        List<String> keys = List.of("upload.interval", "timeout", "url", "enabled");
        assertThat(Nearest.of("upload.intervall", keys)).contains("upload.interval");
        assertThat(Nearest.of("upload_intervl", keys)).contains("upload.interval");
        assertThat(Nearest.of("time.out", keys)).contains("timeout");
        assertThat(Nearest.of("UPLOAD_INTERVAL", keys)).contains("upload.interval");
        assertThat(Nearest.of("colour", keys)).isEqualTo(Optional.empty());
    }
}
