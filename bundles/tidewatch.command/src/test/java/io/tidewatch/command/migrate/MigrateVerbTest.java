package io.tidewatch.command.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.command.CommandRun;
import io.tidewatch.command.MigrateRig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MigrateVerbTest {
    private static final String UPLOADER = "tidewatch.uploader.victoriametrics.cfg";

    @TempDir
    Path folder;

    private MigrateRig rig;

    @BeforeEach
    void install() throws Exception {
        rig = new MigrateRig(folder);
    }

    static List<String> cases() throws IOException {
        return MigrateRig.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tellsWhatBecomesOfEveryKey(String name) throws Exception {
        CommandRun.Ended ended = rig.of(name).migrate();

        StringBuilder found = new StringBuilder("exit code " + ended.exitCode() + "\n");
        found.append("\n--- output\n").append(ended.out());
        found.append("\n--- errors\n").append(ended.err());
        MigrateRig.content(rig.config())
                .forEach((file, content) ->
                        found.append("\n--- ").append(file).append('\n').append(set(content)));
        String text = found.toString()
                .replace(rig.source().toString(), "CONFIG.YAML")
                .replace(folder.toString(), "FOLDER")
                // How wide a column is depends on the machine.
                .replaceAll("(FOLDER\\S*) +#", "$1 #");
        Path expectation = MigrateRig.expectation(name);
        if ("rewrite".equals(System.getProperty("tidewatch.golden"))) {
            Files.writeString(expectation, text);
        }
        assertThat(text)
                .as(expectation + "; -Dtidewatch.golden=rewrite writes it anew")
                .isEqualTo(Files.readString(expectation));
        assertThat(ended.out() + ended.err()).doesNotContain("geheim");
        if (ended.exitCode() != 0) {
            assertThat(MigrateRig.content(rig.config())).isEmpty();
        }
    }

    /** The lines that set something, and the one that tells where they come from. */
    private static String set(String content) {
        return content.lines()
                .filter(line -> !line.startsWith("#") || line.startsWith("# By "))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void everyKeyOfTheOriginalIsAccountedFor() throws Exception {
        CommandRun.Ended ended = rig.of("full").migrate();

        List<String> keys = List.of(
                "device.id",
                "storage.path",
                "storage.wal_checkpoint_interval",
                "storage.wal_checkpoint_size_mb",
                "remote.url",
                "remote.enabled",
                "remote.upload_interval",
                "remote.auth_token_file",
                "remote.batch_size",
                "remote.chunk_size",
                "remote.retry.enabled",
                "remote.retry.max_attempts",
                "remote.retry.initial_backoff",
                "remote.retry.max_backoff",
                "remote.retry.backoff_multiplier",
                "remote.retry.jitter_percent",
                "monitoring.clock_skew_url",
                "monitoring.clock_skew_check_interval",
                "monitoring.clock_skew_warn_threshold_ms",
                "monitoring.health_address",
                "logging.level",
                "logging.format",
                "cpu.temperature",
                "cpu.usage",
                "memory.usage",
                "disk.io",
                "network.traffic",
                "srt.packet_loss");
        assertThat(keys).allMatch(key -> ended.out().contains(key), "told");
    }

    @Test
    void repeatsItselfWithoutForce() throws Exception {
        rig.of("secrets").migrate();
        Map<String, String> first = MigrateRig.content(rig.config());

        assertThat(rig.migrate().exitCode()).isZero();
        assertThat(MigrateRig.content(rig.config())).isEqualTo(first).isNotEmpty();
    }

    @Test
    void takesThePlaceOfTheShippedSamples() throws Exception {
        for (String pid : CfgSample.PIDS) {
            Files.copy(Path.of("../../config", pid + ".cfg"), rig.config().resolve(pid + ".cfg"));
        }

        assertThat(rig.of("full").migrate().exitCode()).isZero();
        assertThat(rig.config().resolve(UPLOADER)).content().contains("\nupload.interval = 1m\n");
        assertThat(rig.config().resolve("org.ops4j.pax.logging.cfg"))
                .content()
                .contains("\nformat = json\n", "configured.xml");
    }

    @Test
    void leavesWhatSomebodyHasSet() throws Exception {
        rig.command
                .configure("tidewatch.uploader.victoriametrics", Map.of("url", "http://mine/api/v1/import"))
                .configure("tidewatch.clockskew", Map.of("enabled", "false"));
        Files.writeString(rig.config().resolve("token"), "mine");
        Map<String, String> before = MigrateRig.content(rig.config());

        CommandRun.Ended ended = rig.of("secrets").migrate();

        assertThat(ended.exitCode()).isEqualTo(73);
        assertThat(ended.err()).contains("token, " + UPLOADER, "--force").doesNotContain("device", "clockskew");
        assertThat(MigrateRig.content(rig.config())).isEqualTo(before);

        ended = rig.migrate("--force");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out())
                .contains(UPLOADER + " is replaced", "token is replaced", "clockskew.cfg is left as it is");
        assertThat(rig.config().resolve(UPLOADER)).content().contains("url = http://agent:");
        assertThat(rig.config().resolve("token")).hasContent("geheim-2");
        assertThat(rig.config().resolve("tidewatch.clockskew.cfg")).hasContent("enabled = false");
    }

    @Test
    void dryRunWritesNothingAndTellsTheSame() throws Exception {
        rig.of("secrets");
        CommandRun.Ended dry = rig.migrate("--dry-run");
        assertThat(dry.exitCode()).isZero();
        assertThat(folder).isDirectoryNotContaining("glob:**/.writing*");
        assertThat(MigrateRig.content(rig.config())).isEmpty();

        CommandRun.Ended wet = rig.migrate();
        assertThat(dry.out().replaceFirst("Nothing is written.*into (.*):", "In $1:"))
                .isEqualTo(wet.out());
    }

    @Test
    void writesIntoAnotherFolder() throws Exception {
        Path other = folder.resolve("new/folder");

        assertThat(rig.of("placeholders").migrate("--to", other.toString()).exitCode())
                .isZero();
        assertThat(MigrateRig.content(rig.config())).isEmpty();
        assertThat(MigrateRig.content(other))
                .containsEntry("token rw-------", "${VM_TOKEN}\n")
                .containsKey(UPLOADER + " rw-r--r--");
    }

    @Test
    void putsAllInPlaceOrNothing() throws Exception {
        Files.createDirectories(rig.config().resolve(UPLOADER).resolve("sub"));
        rig.command.configure("tidewatch.device", Map.of("id", "mine"));
        Map<String, String> before = MigrateRig.content(rig.config());

        CommandRun.Ended ended = rig.of("secrets").migrate("--force");

        assertThat(ended.exitCode()).isEqualTo(73);
        assertThat(ended.err())
                .contains("cannot be written", UPLOADER + " is in the way: it is a folder", "Nothing is");
        assertThat(MigrateRig.content(rig.config())).isEqualTo(before).hasSize(1);
        assertThat(rig.config()).isDirectoryNotContaining("glob:**/.writing*");
    }

    @Test
    void keepsTheRightsOfAFileThatItReplaces() throws Exception {
        Path device = rig.config().resolve("tidewatch.device.cfg");
        Files.copy(Path.of("../../config/tidewatch.device.cfg"), device);
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(rig.of("minimal").migrate().exitCode()).isZero();
        assertThat(MigrateRig.content(rig.config())).containsOnlyKeys("tidewatch.device.cfg rw-r-----");
    }

    @Test
    void tellsWhatItCannotRead() throws Exception {
        CommandRun.Ended ended = rig.migrate();

        assertThat(ended.exitCode()).isEqualTo(66);
        assertThat(ended.err()).contains(rig.source() + " cannot be read (no such file or directory)", "--config");
    }

    @Test
    void doesNothingWithoutTheCheck() throws Exception {
        Files.delete(folder.resolve("home/bundles/2/check.jar"));

        CommandRun.Ended ended = rig.of("minimal").migrate();

        assertThat(ended.exitCode()).isEqualTo(70);
        assertThat(MigrateRig.content(rig.config())).isEmpty();
    }

    @Test
    void knowsItsOptions() throws Exception {
        assertThat(rig.migrate("--dry").exitCode()).isEqualTo(64);
        assertThat(rig.migrate("--to").exitCode()).isEqualTo(64);
        assertThat(rig.command.run("migrate", "--help").out()).contains("--dry-run", "docs/migration.md");
    }
}
