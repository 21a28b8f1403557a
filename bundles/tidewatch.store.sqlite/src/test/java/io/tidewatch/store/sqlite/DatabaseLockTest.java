package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.DatabaseLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseLockTest {
    @TempDir
    Path folder;

    /** As the kernel sees it: closing any descriptor of the file would give the lock away. */
    @Test
    void aSecondStoreOfTheProcessDoesNotGiveTheLockAway() throws Exception {
        Path database = folder.resolve("metrics.db");
        DatabaseLock first = DatabaseLock.take(database);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> DatabaseLock.take(database))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("which is this one");
            assertThat(locks(database)).isEqualTo(1);
        }

        first.close();
        assertThat(locks(database)).isZero();
        DatabaseLock second = DatabaseLock.take(database);
        assertThat(locks(database)).isEqualTo(1);
        assertThat(DatabaseLock.fileOf(database))
                .hasContent(String.valueOf(ProcessHandle.current().pid()));
        second.close();
    }

    private static long locks(Path database) throws IOException {
        String inode = ":" + Files.getAttribute(DatabaseLock.fileOf(database), "unix:ino") + " ";
        String process = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .filter(line -> line.contains(inode) && line.contains(process))
                .count();
    }
}
