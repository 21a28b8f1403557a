package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.export.Backup;
import io.tidewatch.store.sqlite.export.BackupMain;
import io.tidewatch.store.sqlite.export.ExportException;
import io.tidewatch.testing.config.OddFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BackupMainTest {
    private static final Instant FIRST = ManySamples.NOW.minusSeconds(3000);

    @TempDir
    Path folder;

    private Path file;
    private Path copy;
    private String told = "";

    @BeforeEach
    void place() {
        file = folder.resolve("metrics.db");
        copy = folder.resolve("backup.db");
    }

    @Test
    void theCopyOfARunningAgentIsOneStateOfItsDatabase() throws Exception {
        AtomicInteger appended = new AtomicInteger(500);
        AtomicBoolean ended = new AtomicBoolean();
        try (SqliteStore store = TestStores.open(file, ManySamples.CLOCK)) {
            ManySamples.append(store, FIRST, appended.get(), 20);
            Thread appends = new Thread(() -> {
                while (!ended.get() && appended.get() < 2900) {
                    try {
                        ManySamples.append(store, FIRST.plusSeconds(appended.get()), 1, 20);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    appended.incrementAndGet();
                }
            });
            appends.start();
            try {
                assertThat(backup()).as(told).isZero();
            } finally {
                ended.set(true);
                appends.join();
            }
        }

        assertThat(told).isEqualTo(copy + ": " + Files.size(copy) + " bytes, verified\n");
        assertThat(folder).isDirectoryNotContaining("glob:**backup.db?*");
        assertThat(number("SELECT count(*) % 20 FROM metrics"))
                .as("whole passes")
                .isZero();
        assertThat(number("SELECT count(*) / 20 FROM metrics"))
                .isBetween(500L, (long) appended.get())
                .as("no gap")
                .isEqualTo(number("SELECT (max(timestamp_ms) - min(timestamp_ms)) / 1000 + 1 FROM metrics"));
    }

    @Test
    void anAgentGoesOnWithTheCopyWhereTheOriginalWas() throws Exception {
        StoreContents original;
        try (SqliteStore store = TestStores.open(file, ManySamples.CLOCK)) {
            ManySamples.append(store, FIRST, 100, 20);
            original = StoreContents.of(store);
            assertThat(backup()).as(told).isZero();
        }

        try (SqliteStore store = TestStores.open(copy, ManySamples.CLOCK)) {
            assertThat(StoreContents.of(store)).isEqualTo(original);
            ManySamples.append(store, FIRST.plusSeconds(100), 1, 20);
            assertThat(store.status().pendingSamples()).isEqualTo(101 * 20);
        }
    }

    @Test
    void replacesACopyAndWhatAKilledAttemptHasLeft() throws Exception {
        fill();
        Files.writeString(copy, "an older one");
        Files.writeString(folder.resolve("backup.db.part"), "half of one");
        Files.writeString(folder.resolve("backup.db.part-journal"), "its journal");

        assertThat(backup()).as(told).isZero();

        assertThat(folder).isDirectoryNotContaining("glob:**backup.db?*");
        assertThat(number("SELECT count(*) FROM metrics")).isEqualTo(10);
    }

    @Test
    void aDamagedDatabaseMakesNoCopy() throws Exception {
        try (SqliteStore store = TestStores.open(file, ManySamples.CLOCK)) {
            ManySamples.append(store, FIRST, 500, 20);
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int page = 4096 * 3; page < bytes.length; page += 4096) {
            bytes[page] = 77;
        }
        Files.write(file, bytes);
        Files.writeString(copy, "an older one");

        assertThat(backup()).isEqualTo(66);

        assertThat(told).contains("The file is damaged").hasLineCount(1);
        assertThat(copy).hasContent("an older one");
        assertThat(folder).isDirectoryNotContaining("glob:**.part*");
    }

    @Test
    void aDamagedCopyIsNone() throws Exception {
        fill();
        assertThat(backup()).as(told).isZero();
        Backup.verify(copy);
        byte[] bytes = Files.readAllBytes(copy);
        // The count of cells of a page that is no root of the schema.
        bytes[4096 + 4] ^= 1;
        Files.write(copy, bytes);

        assertThatExceptionOfType(ExportException.class)
                .isThrownBy(() -> Backup.verify(copy))
                .withMessageStartingWith("The copy is damaged (");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "| 64 | FILE is missing: the file to write, such as metrics-backup.db",
                "a.db b.db | 64 | One FILE is accepted, not also 'b.db'",
                "--output a.db | 64 | Unknown option '--output'; accepted are --database and --help",
                "a.db --database | 64 | --database needs a value",
                "a.db --database /nowhere/metrics.db | 66 | There is no database /nowhere/metrics.db",
                "/nowhere/a.db | 73 | Writing /nowhere/a.db failed: no such file or directory. Check that its folder exists",
                "/tmp | 73 | /tmp is a folder; name a file in it",
                "/dev/full/a.db | 73 | Writing /dev/full/a.db failed: not a directory",
            })
    void saysWhatIsWrong(String arguments, int code, String says) throws Exception {
        fill();
        List<String> given = arguments == null ? List.of() : List.of(arguments.split(" "));

        assertThat(run(given)).isEqualTo(code);

        assertThat(told)
                .containsIgnoringCase("tidewatch backup: " + says)
                .doesNotContain("Exception", "export")
                .hasLineCount(1);
        assertThat(told.contains("'tidewatch backup --help' shows what there is"))
                .isEqualTo(code == 64);
    }

    @Test
    void aFileSystemThatTakesNoMoreIsNamedAndLeavesNothing() throws Exception {
        try (SqliteStore store = TestStores.open(file, ManySamples.CLOCK)) {
            ManySamples.append(store, ManySamples.NOW.minusSeconds(3500), 3500, 60);
        }
        Path output = folder.resolve("told");
        Process child = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 2000; exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-Dorg.sqlite.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        BackupMain.class.getName(),
                        copy.toString(),
                        "--database",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }

        assertThat(Files.readString(output))
                .contains("tidewatch backup: Writing " + copy + " failed: ", "Check that its file system has room");
        assertThat(child.exitValue()).isEqualTo(73);
        assertThat(folder).isDirectoryNotContaining("glob:**backup.db*");

        assertThat(backup()).as("with room again: " + told).isZero();
    }

    @Test
    void whoMayNotReadTheDatabaseMayNotReadTheCopy() throws Exception {
        fill();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(backup()).as(told).isZero();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-r-----");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoRegularFileStays(OddFile odd) throws Exception {
        fill();
        copy = odd.make(folder.resolve("odd"));
        FileTime before = Files.getLastModifiedTime(copy, LinkOption.NOFOLLOW_LINKS);

        assertThat(backup()).isEqualTo(73);

        assertThat(told)
                .startsWith("tidewatch ")
                .contains(
                        odd == OddFile.FOLDER
                                ? copy + " is a folder; name a file in it"
                                : " cannot be replaced (" + odd.reason() + "); name another file")
                .hasLineCount(1);
        assertThat(Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(Files.getLastModifiedTime(copy, LinkOption.NOFOLLOW_LINKS)).isEqualTo(before);
    }

    @Test
    void aLinkStaysAndItsFileIsReplaced() throws Exception {
        fill();
        Path real = Files.writeString(folder.resolve("real"), "old");
        copy = Files.createSymbolicLink(folder.resolve("link"), real.getFileName());

        assertThat(backup()).as(told).isZero();

        assertThat(copy).isSymbolicLink().hasSameBinaryContentAs(real);
        assertThat(Files.size(real)).isGreaterThan(100);
    }

    @Test
    void refusesANameOfTheDatabase() throws Exception {
        fill();
        copy = folder.resolve("metrics.db-wal");

        assertThat(backup()).isEqualTo(73);

        assertThat(told).contains("would be taken for a file of the database; choose another name");
    }

    private void fill() throws Exception {
        try (SqliteStore store = TestStores.open(file, ManySamples.CLOCK)) {
            ManySamples.append(store, FIRST, 5, 2);
        }
    }

    private int backup() {
        return run(List.of(copy.toString(), "--database", file.toString()));
    }

    private int run(List<String> arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code = BackupMain.run(arguments, Map.of("TIDEWATCH_STATE", folder.toString()), printed, printed);
        told = bytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    private long number(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.getLong(1);
        }
    }
}
