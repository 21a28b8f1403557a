package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartsTest {
    @TempDir
    private Path folder;

    private Places places;

    @BeforeEach
    void makeFolders() throws IOException {
        places = new Places(
                folder,
                folder,
                Files.createDirectories(folder.resolve("state")),
                Files.createDirectories(folder.resolve("deploy")));
    }

    @Test
    void looksAtWhatIsInstalled() throws Exception {
        Files.writeString(places.deploy().resolve("a.jar"), "12345");
        Files.setLastModifiedTime(places.deploy().resolve("a.jar"), FileTime.fromMillis(1_700_000_000_123L));
        Files.writeString(places.deploy().resolve(".b.jar"), "half");
        Files.writeString(places.deploy().resolve("README.txt"), "text");
        Files.createDirectories(places.deploy().resolve("c.jar"));

        assertThat(DeployedJar.in(places.deploy())).containsExactly(new DeployedJar("a.jar", 5, 1_700_000_000_123L));
    }

    @Test
    void holdsBackUntilTheFolderChanges() throws Exception {
        Path jar = Files.writeString(places.deploy().resolve("a.jar"), "12345");
        crashes(4);

        QuarantinedJars held = begin().quarantinedJars();
        assertThat(held.get()).containsExactly(jar.toFile().toURI().toString());
        assertThat(held.get()).containsExactly(jar.toFile().toURI().toString());
        assertThat(held.holds("a.jar")).isTrue();
        FileTime before = Files.getLastModifiedTime(jar);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(before.toMillis() + 1));
        assertThat(held.get()).isEmpty();
        // What was released stays so in this run.
        Files.setLastModifiedTime(jar, before);
        assertThat(held.get()).isEmpty();
    }

    @Test
    void whatStayedIsProvenAndWhatCameMeanwhileIsNot() throws Exception {
        Files.writeString(places.deploy().resolve("old.jar"), "12345");
        Starts starts = begin();
        Files.writeString(places.deploy().resolve("new.jar"), "12345");
        starts.stayed(starts.quarantinedJars());
        assertThat(record().proven()).extracting(DeployedJar::name).containsExactly("old.jar");

        crashes(4);

        QuarantinedJars held = begin().quarantinedJars();
        assertThat(held.holds("new.jar")).isTrue();
        assertThat(held.holds("old.jar")).isFalse();
        Starts again = begin();
        again.stayed(again.quarantinedJars());
        assertThat(record().proven()).extracting(DeployedJar::name).containsExactly("old.jar");
    }

    @Test
    void aStopIsNoCrash() throws Exception {
        Files.writeString(places.deploy().resolve("a.jar"), "12345");
        for (int i = 0; i < 6; i++) {
            Starts starts = begin();
            assertThat(starts.quarantinedJars().get()).isEmpty();
            starts.stopped();
        }
        assertThat(record().running()).isFalse();
    }

    @Test
    void aDamagedRecordIsBegunAnew() throws Exception {
        Files.writeString(places.state().resolve("starts"), "end soon\n");

        begin();

        assertThat(record().running()).isTrue();
    }

    @Test
    void aRecordThatCannotBeWrittenKeepsNobodyFromStarting() throws Exception {
        Files.writeString(places.deploy().resolve("a.jar"), "12345");
        Files.createDirectories(places.state().resolve("starts/in the way"));

        Starts starts = begin();
        starts.stopped();

        assertThat(starts.quarantinedJars().get()).isEmpty();
    }

    /** So many runs that nobody asks to end. */
    private void crashes(int runs) {
        for (int i = 0; i < runs; i++) {
            begin();
        }
    }

    private Starts begin() {
        return Starts.begin(places, "boot-1", 1);
    }

    private StartRecord record() throws IOException {
        return StartRecord.parse(Files.readString(places.state().resolve("starts")));
    }
}
