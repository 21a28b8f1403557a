package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileHealthTest {
    @TempDir
    Path folder;

    @TempDir
    Path home;

    private final List<HealthCheck> registered = new ArrayList<>();
    private final AtomicInteger searches = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private Optional<String> software = Optional.empty();
    private ChosenProfile chosen;
    private ProfileHealth health;

    @BeforeEach
    void make() throws IOException {
        ProfileShelf.put(home, "belabox", "a.one.cfg", "interval = 1s\n");
        chosen = new ChosenProfile(folder, home.toString(), new LastGoodFiles(home.resolve("last-good")));
        health = new ProfileHealth(
                chosen,
                () -> {
                    searches.incrementAndGet();
                    return software;
                },
                check -> {
                    registered.add(check);
                    return () -> registered.remove(check);
                },
                now::get);
    }

    @Test
    void aMachineWithoutEncoderSoftwareHasNoComponentAndIsRarelySearched() {
        for (int i = 0; i < 600; i++) {
            look();
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(registered).isEmpty();
        assertThat(searches).hasValue(1);
        look();
        assertThat(searches).hasValue(2);
    }

    @Test
    void proposesTheProfileInOneSentence() {
        software = Optional.of("belaUI");
        look();
        look();
        assertThat(registered).containsExactly(health);
        assertThat(health.check().status()).isEqualTo(Status.OK);
        assertThat(health.check().message())
                .isEqualTo("belaUI is on this machine: 'sudo tidewatch profile belabox --apply' reports its modems and"
                        + " collects more often");
        assertThat(health.check().details())
                .containsEntry("proposed", "belabox")
                .containsEntry("found", "belaUI");
        software = Optional.empty();
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        look();
        assertThat(registered).isEmpty();
    }

    @Test
    void reportsTheOneInForceInsteadAndDoesNotSearch() throws IOException {
        software = Optional.of("belaUI");
        look();
        Files.writeString(folder.resolve("profile"), "belabox\n");
        look();
        assertThat(registered).containsExactly(health);
        assertThat(health.check().message()).isEqualTo("belabox is applied");
        assertThat(health.check().details()).containsEntry("applied", "belabox").doesNotContainKey("proposed");
        now.addAndGet(Duration.ofMinutes(11).toNanos());
        look();
        assertThat(searches).hasValue(1);
        Files.delete(folder.resolve("profile"));
        look();
        assertThat(health.check().details()).containsEntry("proposed", "belabox");
    }

    @Test
    void noneSilencesIt() throws IOException {
        software = Optional.of("belaUI");
        look();
        Files.writeString(folder.resolve("profile"), "none\n");
        look();
        assertThat(registered).isEmpty();
        Files.writeString(folder.resolve("profile"), "nonsense\n");
        look();
        assertThat(registered).as("the component config names it").isEmpty();
    }

    private void look() {
        chosen.look(true);
        health.look();
    }
}
