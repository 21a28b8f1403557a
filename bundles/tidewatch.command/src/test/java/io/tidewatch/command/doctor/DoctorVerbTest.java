package io.tidewatch.command.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.command.CommandRun.Ended;
import io.tidewatch.command.DoctorRig;
import io.tidewatch.command.SetupFault;
import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.console.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DoctorVerbTest {
    @TempDir
    Path folder;

    @Test
    void findsNothingWrongWhereNothingIs() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            Ended ended = rig.examine();

            assertThat(masked(ended.out()))
                    .isEqualTo(
                            """
                            ok  folders        configuration /FOLDER/config, state /FOLDER/state, deploy /FOLDER/deploy
                            ok  configuration  every value in /FOLDER/config can be used
                            ok  permissions    USER can write in /FOLDER/state
                            ok  disk           SPACE free for /FOLDER/state
                            ok  database       /FOLDER/state/metrics.db is whole (SIZE)
                            ok  agent          it runs and is ok, up 1m
                            ok  server         http://127.0.0.1:PORT/api/v1/import takes samples
                            ok  clock          it agrees with the server's
                            ok  duplicates     the server stores a sample that is sent again once

                            No problems.
                            """);
            assertThat(ended.err()).isEmpty();
            assertThat(ended.exitCode()).isZero();
        }
    }

    @Test
    void proposesAProfileThatFits() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            Files.createDirectories(folder.resolve("root/opt/belaUI"));
            Ended ended = rig.examine();
            assertThat(ended.out())
                    .contains(
                            """
                            note  profile        belaUI is on this machine, and no profile is applied
                                                 -> sudo tidewatch profile belabox --apply
                            """);
            assertThat(ended.exitCode()).isZero();

            Files.createDirectories(folder.resolve("home/lib/profiles/belabox"));
            Files.writeString(folder.resolve("config/profile"), "belabox\n");
            assertThat(rig.examine().out()).contains("ok  profile        belabox is applied\n");
            Files.writeString(folder.resolve("config/profile"), "none\n");
            assertThat(rig.examine().out()).doesNotContain("profile ");
            Files.writeString(folder.resolve("config/profile"), "");
            assertThat(rig.examine().out())
                    .as("the agent may have kept the profile")
                    .doesNotContain("no profile is applied");
            Files.delete(folder.resolve("config/profile"));
            Files.createDirectories(folder.resolve("config/profile"));
            assertThat(rig.examine().out()).contains("note  profile        not examined (");
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsAFaultAloneAndOnlyThat(SetupFault fault) throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            fault.on(rig);

            Ended ended = rig.examine();

            assertThat(wrong(ended.out()))
                    .as(ended.out())
                    .singleElement()
                    .asString()
                    .matches("FAIL +" + fault.subject() + " .*")
                    .contains(fault.message());
            assertThat(ended.out()).contains("\n1 problem.\n");
            assertThat(ended.err()).isEmpty();
            assertThat(ended.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void findsAllFaultsTogether() throws Exception {
        List<SetupFault> faults =
                Arrays.stream(SetupFault.values()).filter(SetupFault::together).toList();
        try (DoctorRig rig = new DoctorRig(folder)) {
            for (SetupFault fault : faults) {
                fault.on(rig);
            }

            Ended ended = rig.examine();

            List<String> left = new ArrayList<>(wrong(ended.out()));
            for (SetupFault fault : faults) {
                assertThat(left.removeIf(line ->
                                line.matches("FAIL +" + fault.subject() + " .*") && line.contains(fault.message())))
                        .as(fault + " in\n" + ended.out())
                        .isTrue();
            }
            assertThat(left).isEmpty();
            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(masked(ended.out()))
                    .isEqualTo(
                            """
                            FAIL  folders        /FOLDER/deploy/broken.jar is no OSGi bundle, or not all of one; it is not installed
                                                 -> copy it anew, under another name first and renamed then, or remove it
                            FAIL  configuration  tidewatch.collector.cpu.cfg:1: interval is 'soon'; accepted: a duration such as 250ms, 30s, 5m, 1h
                                                 -> fix that line; 'tidewatch --check' checks it again
                            FAIL  permissions    USER, who owns /FOLDER/state, cannot write in it
                                                 -> chmod u+rwx /FOLDER/state
                            FAIL  permissions    USER cannot write /FOLDER/state/metrics.db
                                                 -> chmod u+rw /FOLDER/state/metrics.db
                            FAIL  disk           SPACE free for /FOLDER/state, less than min.free (976.6 TiB): samples are dropped to make room
                                                 -> free space there (du -x /FOLDER/state and its neighbours), or lower min.free
                            FAIL  database       /FOLDER/state/metrics.db is damaged: …
                                                 -> copy it away, then end the agent with SIGKILL: its next start saves what can be read
                            FAIL  agent          no agent answers at http://127.0.0.1:PORT/health (connection refused)
                                                 -> systemctl start tidewatch, or 'tidewatch run'; journalctl -u tidewatch shows why it ended
                            FAIL  token          127.0.0.1:PORT answers 401: check the token in token.file
                                                 -> put the token that the server knows into token.file; it is read at every upload
                            FAIL  clock          it is 3h behind the server's
                                                 -> timedatectl set-ntp true, and let it reach its time server; or it is the server's that is wrong
                            FAIL  duplicates     the server stores a sample that is sent again twice
                                                 -> start VictoriaMetrics with -dedup.minScrapeInterval=1ms

                            10 problems.
                            """);
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesAnAdviceForEachFault(SetupFault fault) throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            fault.on(rig);

            List<String> lines = rig.examine().out().lines().toList();

            String wrong = wrong(String.join("\n", lines)).get(0);
            assertThat(lines.get(lines.indexOf(wrong) + 1).strip())
                    .startsWith("-> ")
                    .hasSizeGreaterThan(10);
        }
    }

    @Test
    void fitsATerminal() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            SetupFault.DATABASE_DAMAGED.on(rig);
            rig.command.on(new Terminal(60, true));

            Ended ended = rig.examine();

            assertThat(ended.out()).contains("\033[31mFAIL\033[0m  database");
            assertThat(ended.out().replaceAll("\033\\[\\d+m", "").lines())
                    .allMatch(line -> DisplayText.width(line) <= 60);
        }
    }

    @Test
    void neitherMakesNorChangesAFile() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            rig.examine();
            List<String> before = files();

            rig.examine();

            assertThat(files()).isEqualTo(before);
        }
    }

    @Test
    void saysWhatANewInstallationHasNotYet() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            rig.uploader.clear();
            Files.delete(rig.database());
            Files.delete(folder.resolve("state"));

            Ended ended = rig.examine();

            assertThat(ended.out()).contains("is not there yet", "samples are only stored");
            assertThat(ended.exitCode()).isZero();
            assertThat(folder.resolve("state")).doesNotExist();
        }
    }

    @Test
    void believesNothingThatAPortalSays() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            SetupFault.PORTAL.on(rig);
            SetupFault.CLOCK_OFF.on(rig);
            SetupFault.DUPLICATES_STAY.on(rig);

            Ended ended = rig.examine();

            assertThat(wrong(ended.out())).singleElement().asString().contains("captive portal");
            assertThat(ended.out()).contains("note  clock", "note  duplicates");
        }
    }

    @Test
    void doesNotTakeAProxyForTheServer() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            rig.metrics = "vmauth_requests_total 5\n";

            Ended ended = rig.examine();

            assertThat(ended.out()).contains("note  duplicates     the server does not report it");
            assertThat(ended.exitCode()).isZero();
        }
    }

    @Test
    void namesAPeerThatIsNotKnown() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            rig.identified = false;
            rig.metrics = "";

            assertThat(rig.examine().out())
                    .contains(
                            "FAIL  server         127.0.0.1:",
                            "nothing shows that it is VictoriaMetrics",
                            "peer = any");
            rig.uploader.put("peer", "any");
            assertThat(wrong(rig.examine().out())).isEmpty();
        }
    }

    @Test
    void passesOnWhatTheServerReports() throws Exception {
        try (DoctorRig rig = new DoctorRig(folder)) {
            rig.metrics =
                    """
                    vm_app_start_timestamp 1700000000
                    vm_app_uptime_seconds 5000
                    flag{name="dedup.minScrapeInterval", value="1ms"} 1
                    flag{name="retentionPeriod", value="7d"} 1
                    flag{name="replicationFactor", value="1"} 1
                    vm_rows_ignored_total{reason="small_timestamp"} 12
                    vm_rpc_connection_errors_total{name="vminsert", addr="a:8400"} 0
                    vm_rpc_connection_errors_total{name="vminsert", addr="b:8400"} 0
                    """;

            Ended ended = rig.examine();

            assertThat(ended.out())
                    .contains(
                            "note  retention      the server keeps samples for 7d, a backlog here for 30d",
                            "note  cluster        vminsert stores each sample on one of 2 nodes",
                            "-replicationFactor=2",
                            "note  dropped        since its start the server has ignored samples of its clients:"
                                    + " {small_timestamp=12}");
            assertThat(ended.exitCode()).isZero();
        }
    }

    private List<String> files() throws Exception {
        try (var paths = Files.walk(folder)) {
            List<String> files = new ArrayList<>();
            for (Path path : paths.sorted().toList()) {
                // The rig writes its configuration anew.
                boolean configuration = path.startsWith(folder.resolve("config"));
                files.add(path + (configuration ? "" : " " + Files.getLastModifiedTime(path)));
            }
            return files;
        }
    }

    private static List<String> wrong(String out) {
        return out.lines().filter(line -> line.startsWith("FAIL")).toList();
    }

    private String masked(String out) {
        return out.replace(folder.toString(), "/FOLDER")
                .replace(System.getProperty("user.name"), "USER")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT")
                .replaceAll("[0-9.]+ .iB free", "SPACE free")
                .replaceAll("\\(\\d[0-9.]+ KiB\\)", "(SIZE)")
                .replaceAll("(is damaged: ).*", "$1…");
    }
}
