package io.tidewatch.command;

import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.server.FreePort;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** What an operator, or the world, may have done to a set-up. */
public enum SetupFault {
    WRONG_VALUE(
            true,
            "configuration",
            "tidewatch.collector.cpu.cfg:1: interval is 'soon'",
            rig -> rig.command.configure("tidewatch.collector.cpu", Map.of("interval", "soon"))),
    HALF_A_JAR(
            true,
            "folders",
            "broken.jar is no OSGi bundle",
            rig -> Files.writeString(rig.folder.resolve("deploy/broken.jar"), "PK half of it")),
    STATE_NOT_WRITABLE(
            true, "permissions", "cannot write in it", rig -> chmod(rig.folder.resolve("state"), "r-xr-xr-x")),
    DATABASE_NOT_WRITABLE(true, "permissions", "cannot write", rig -> chmod(rig.database(), "r--r--r--")),
    SECRET_FOR_ALL(
            false,
            "permissions",
            "has mode 0644, so that every user of this machine may read it, and is not used",
            rig -> chmod(rig.token(), "rw-r--r--")),
    DISK_FULL(true, "disk", "less than min.free (976.6 TiB)", rig -> rig.store.put("min.free", "1000000GiB")),
    DATABASE_DAMAGED(true, "database", "is damaged: ", rig -> {
        try (RandomAccessFile file = new RandomAccessFile(rig.database().toFile(), "rw")) {
            file.seek(file.length() / 2 / 4096 * 4096);
            file.write(new byte[4096]);
        }
    }),
    AGENT_DOWN(true, "agent", "no agent answers at", rig -> rig.agent.close()),
    TOKEN_REFUSED(true, "token", "answers 401", rig -> rig.status = 401),
    CLOCK_OFF(
            true,
            "clock",
            "3h behind the server's",
            // Half a minute: the amount is shown in whole minutes.
            rig -> rig.command.at(Clock.offset(
                    Clock.systemUTC(), Duration.ofHours(3).plusSeconds(30).negated()))),
    DUPLICATES_STAY(
            true,
            "duplicates",
            "sent again twice",
            rig -> rig.metrics =
                    DoctorRig.PAGE + "flag{name=\"dedup.minScrapeInterval\", value=\"0s\", is_set=\"false\"} 1\n"),

    NO_CONFIGURATION(false, "folders", "is not there", rig -> rig.command.configuredIn(rig.folder.resolve("nowhere"))),
    NO_DEPLOY_FOLDER(false, "folders", "is not there", rig -> Files.delete(rig.folder.resolve("deploy"))),
    NO_DATABASE_FOLDER(
            false,
            "database",
            "is not there",
            rig -> rig.store.put("path", rig.folder.resolve("usb/metrics.db").toString())),
    NO_DATABASE_AT_ALL(
            false, "database", "not a database", rig -> Files.writeString(rig.database(), "<html>".repeat(100))),
    AGENT_DEGRADED(false, "agent", "it is degraded: collector.thermal fails", rig -> {
        rig.agent.close();
        rig.agent = new HealthPage(
                200, "{\"status\":\"degraded\",\"message\":\"collector.thermal fails\",\"components\":{}}");
    }),
    PORT_TAKEN(false, "agent", "no tidewatch agent", rig -> {
        rig.agent.close();
        rig.agent = new HealthPage(404, "<html>");
    }),
    NO_TOKEN(false, "token", "does not exist", rig -> Files.delete(rig.token())),
    WRONG_TOKEN(false, "token", "answers 401", rig -> Files.writeString(rig.token(), "old")),
    PORTAL(false, "server", "captive portal", rig -> {
        rig.status = 200;
        rig.contentType = "text/html";
        rig.answer = "<html>Welcome to the hotel</html>";
    }),
    UNKNOWN_HOST(
            false, "server", unknownHost(), rig -> rig.uploader.put("url", "http://vm.invalid:8428/api/v1/import")),
    NOBODY_LISTENS(
            false,
            "server",
            "is VictoriaMetrics running there?",
            rig -> rig.uploader.put("url", "http://127.0.0.1:" + FreePort.next() + "/api/v1/import")),
    WRONG_PATH(
            false,
            "server",
            "check the path of url",
            rig -> rig.uploader.put("url", rig.uploader.get("url").replace("/api/v1/import", "/api/import"))),
    SERVER_IN_TROUBLE(false, "server", "answers 503", rig -> rig.status = 503),
    CLOCK_OF_LONG_AGO(
            false,
            "clock",
            "before this agent was built",
            rig -> rig.command.at(Clock.offset(Clock.systemUTC(), Duration.ofDays(-20_000))));

    /** Does it. */
    public interface Breaking {
        void on(DoctorRig rig) throws Exception;
    }

    private final boolean together;
    private final String subject;
    private final String message;
    // A lambda without state.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Breaking breaking;

    /** @param together whether it can be found beside all others of these */
    SetupFault(boolean together, String subject, String message, Breaking breaking) {
        this.together = together;
        this.subject = subject;
        this.message = message;
        this.breaking = breaking;
    }

    public void on(DoctorRig rig) throws Exception {
        breaking.on(rig);
    }

    public boolean together() {
        return together;
    }

    /** What the doctor calls it. */
    public String subject() {
        return subject;
    }

    /** A part of what it says. */
    public String message() {
        return message;
    }

    private static void chmod(Path file, String permissions) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /** Without a default route that is the fault of the machine itself. */
    private static String unknownHost() {
        try {
            return RealMachine.hasDefaultRoute()
                    ? "the name of vm.invalid:8428 is not known"
                    : "this device has no default route";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
