package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The start script on machines that are not at hand: what it finds out about them is made up here. */
class StartScriptIT {
    private Path folder;

    /** A Java that prints what it is started with. */
    @BeforeEach
    void makeJava() throws Exception {
        folder = AgentProcess.workFolder("start-script");
        program("java/bin/java", "for each; do echo \"$each\"; done");
        Files.createDirectories(folder.resolve("tree/bin"));
        Files.copy(AgentProcess.distribution().resolve("bin/tidewatch"), folder.resolve("tree/bin/tidewatch"));
    }

    @ParameterizedTest
    @CsvSource({
        "Linux,  x86_64,  lib/native/Linux/x86_64,  libsqlitejdbc.so",
        "Linux,  aarch64, lib/native/Linux/aarch64, libsqlitejdbc.so",
        "Linux,  armv7l,  lib/native/Linux/armv7,   libsqlitejdbc.so",
        "Darwin, arm64,   lib/native/Mac/aarch64,   libsqlitejdbc.dylib",
        "Darwin, x86_64,  lib/native/Mac/x86_64,    libsqlitejdbc.dylib"
    })
    void findsTheLibraryOfTheMachine(String system, String architecture, String libraries, String library)
            throws Exception {
        Path native_ = Files.createDirectories(folder.resolve("tree").resolve(libraries));
        Files.writeString(native_.resolve(library), "");

        Ended ended = startOn(system, architecture);

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output().lines())
                .contains("-Dorg.sqlite.lib.path=" + native_.toRealPath(), "-Dorg.sqlite.lib.name=" + library)
                .endsWith("io.tidewatch.launcher.Main", "run");
    }

    @Test
    void theLanguageOfTheUserIsNotThatOfTheAgent() throws Exception {
        program("java/bin/java", "echo \"LC_ALL=$LC_ALL\"");
        Path native_ = Files.createDirectories(folder.resolve("tree/lib/native/Linux/x86_64"));
        Files.writeString(native_.resolve("libsqlitejdbc.so"), "");

        assertThat(startOn("Linux", "x86_64").output()).isEqualTo("LC_ALL=C.UTF-8\n");
    }

    /** As after half a year, after a start with a wrong clock, and when the time zone is set. */
    @ParameterizedTest
    @CsvSource({"0, UTC", "400, UTC", "-8000, UTC", "0, Asia/Tokyo"})
    void theClassArchiveFitsAtAnyTime(int daysAhead, String zone) throws Exception {
        Path jar = makeArchive();
        String archive = "-XX:SharedArchiveFile=" + folder.resolve("state/classes.jsa");

        Map<String, String> then = new HashMap<>(FakeClock.fixed(Duration.ofDays(daysAhead)));
        then.put("TZ", zone);
        assertThat(start("Linux", "x86_64", then, "run").output().lines()).contains(archive);

        Files.writeString(jar, "2");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
        assertThat(start("Linux", "x86_64", then, "run").output().lines()).doesNotContain(archive);
    }

    /** A JVM would end at each start. */
    @ParameterizedTest
    @ValueSource(strings = {"", "an", "an archivX"})
    void aDamagedClassArchiveIsMadeAgain(String damaged) throws Exception {
        makeArchive();
        Path archive = folder.resolve("state/classes.jsa");
        Files.writeString(archive, damaged);

        assertThat(startOn("Linux", "x86_64").output())
                .doesNotContain("SharedArchiveFile")
                .contains("launcher.Main");

        assertThat(start("Linux", "x86_64", Map.of(), "archive").output()).contains("classes.jsa is made");
        assertThat(startOn("Linux", "x86_64").output()).contains("-XX:SharedArchiveFile=" + archive);
        assertThat(start("Linux", "x86_64", Map.of(), "archive").output()).contains("fits; nothing to do");
    }

    /** Returns a jar that the archive was made from. */
    private Path makeArchive() throws Exception {
        program(
                "java/bin/java",
                "for each; do echo \"$each\"; case $each in -XX:ArchiveClassesAtExit=*)"
                        + " echo an archive >\"${each#*=}\" ;; esac; done");
        Path libraries = Files.createDirectories(folder.resolve("tree/lib/native/Linux/x86_64"));
        Files.writeString(libraries.resolve("libsqlitejdbc.so"), "");
        Files.createDirectories(folder.resolve("java/lib/server"));
        Path jar = Files.writeString(
                Files.createDirectories(folder.resolve("tree/bundles/1")).resolve("a.jar"), "1");
        assertThat(start("Linux", "x86_64", Map.of(), "archive").output()).contains("classes.jsa is made");
        return jar;
    }

    @Test
    void saysHowToGetTheLibraryForMacOs() throws Exception {
        Ended ended = startOn("Darwin", "arm64");

        assertThat(ended.exitCode()).isEqualTo(78);
        assertThat(ended.output())
                .contains("no SQLite library", "aarch64", "lib/native/Mac", "-Pportable")
                .hasLineCount(1);
    }

    @Test
    void refusesASystemThatItDoesNotKnow() throws Exception {
        Ended ended = startOn("SunOS", "i86pc");

        assertThat(ended.exitCode()).isEqualTo(78);
        assertThat(ended.output()).contains("SunOS", "Linux", "macOS").hasLineCount(1);
    }

    private record Ended(int exitCode, String output) {}

    private Ended startOn(String system, String architecture) throws Exception {
        return start(system, architecture, Map.of(), "run");
    }

    private Ended start(String system, String architecture, Map<String, String> variables, String command)
            throws Exception {
        program("bin/uname", "case $1 in -s) echo " + system + " ;; -m) echo " + architecture + " ;; esac");
        ProcessBuilder builder = new ProcessBuilder(
                        List.of(folder.resolve("tree/bin/tidewatch").toString(), command))
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.resolve("java").toString());
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, own) -> own + ":" + path);
        builder.environment().put("LC_ALL", "hi_IN.UTF-8");
        builder.environment().put("TIDEWATCH_STATE", folder.resolve("state").toString());
        builder.environment().remove("TIDEWATCH_JAVA_OPTS");
        builder.environment().putAll(variables);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
