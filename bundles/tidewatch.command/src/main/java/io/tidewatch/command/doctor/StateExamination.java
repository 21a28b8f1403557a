package io.tidewatch.command.doctor;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.console.Amounts;
import io.tidewatch.command.doctor.Diagnosis.Subject;
import io.tidewatch.store.sqlite.DatabaseFile;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;

/** Whether the agent can keep its samples: rights, space, and a database that is whole. */
final class StateExamination {

    /** With less than so many times the bound it is worth a word. */
    private static final int NEAR = 2;

    private final Folders folders;
    private final DatabaseFile database;

    StateExamination(Folders folders) {
        this.folders = folders;
        this.database = DatabaseFile.configured(folders.readableSettings(DatabaseFile.PID), folders.state());
    }

    void examine(Diagnosis diagnosis) {
        Path folder = Optional.ofNullable(database.path().getParent()).orElse(folders.state());
        Subject found = diagnosis.on("database");
        if (!Files.isDirectory(folder)) {
            if (!folder.equals(folders.state())) {
                found.wrong(
                        "the folder " + folder + " of the database is not there",
                        "make it for the agent's user, or change path in " + DatabaseFile.PID + ".cfg");
            }
            return;
        }
        permissions(folder, diagnosis.on("permissions"));
        disk(folder, diagnosis.on("disk"));
        database(folder, found);
    }

    /** By the bits and owners, since root may do everything and the agent should not be root. */
    private void permissions(Path folder, Subject subject) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
            String owner = attributes.owner().getName();
            if (!attributes.permissions().contains(PosixFilePermission.OWNER_WRITE)
                    || !attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE)) {
                subject.wrong(owner + ", who owns " + folder + ", cannot write in it", "chmod u+rwx " + folder);
            }
            for (String ending : List.of("", "-wal", "-shm", ".lock")) {
                file(folder.resolve(database.path().getFileName() + ending), owner, subject);
            }
            if (subject.isFine()) {
                subject.ok(owner + " can write in " + folder);
            }
        } catch (IOException | UnsupportedOperationException e) {
            subject.note(
                    "those of " + folder + " cannot be read (" + FileFailure.reason(e) + ")",
                    "run 'tidewatch doctor' as root or as the user of the agent");
        }
    }

    private static void file(Path file, String owner, Subject subject) throws IOException {
        if (Files.notExists(file)) {
            return;
        }
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        if (!attributes.owner().getName().equals(owner)) {
            subject.wrong(
                    file + " belongs to " + attributes.owner().getName() + ", its folder to " + owner
                            + ": was the agent started by hand as another user?",
                    "stop the agent, chown " + owner + " " + file + ", and start it again");
        } else if (!attributes.permissions().contains(PosixFilePermission.OWNER_WRITE)) {
            subject.wrong(owner + " cannot write " + file, "chmod u+rw " + file);
        }
    }

    private void disk(Path folder, Subject subject) {
        try {
            FileStore store = Files.getFileStore(folder);
            long free = store.getUsableSpace();
            String found = Amounts.size((double) free) + " free for " + folder;
            String wanted = Amounts.size((double) database.minFree());
            if (store.isReadOnly()) {
                subject.wrong(
                        "the file system of " + folder + " is read-only: samples wait in memory only",
                        "look into dmesg: a worn card becomes read-only; else mount -o remount,rw");
            } else if (free < database.minFree()) {
                subject.wrong(
                        found + ", less than min.free (" + wanted + "): samples are dropped to make room",
                        "free space there (du -x " + folder + " and its neighbours), or lower min.free");
            } else if (free / NEAR < database.minFree()) {
                subject.note(found + ", near min.free (" + wanted + ")", "free some space there");
            } else {
                subject.ok(found);
            }
        } catch (IOException e) {
            subject.wrong(
                    "the file system of " + folder + " does not answer (" + FileFailure.reason(e) + ")",
                    "look into dmesg");
        }
    }

    private void database(Path folder, Subject subject) {
        Path file = database.path();
        if (Files.notExists(file)) {
            subject.note(
                    Files.isReadable(folder) ? "there is none yet at " + file : folder + " cannot be read by this user",
                    Files.isReadable(folder)
                            ? "the agent makes it at its first start"
                            : "run 'tidewatch doctor' as root or as the user of the agent");
            return;
        }
        try {
            Optional<String> damage = database.damage();
            if (damage.isPresent()) {
                subject.wrong(
                        file + " is damaged: " + damage.get(),
                        "copy it away, then end the agent with SIGKILL: its next start saves what can be read");
            } else {
                subject.ok(file + " is whole (" + Amounts.size((double) Files.size(file)) + ")");
            }
        } catch (StoreException e) {
            subject.wrong(String.valueOf(e.getMessage()), "do as it says, or look at the log of the agent");
        } catch (IOException e) {
            subject.note(file + " was removed during the check", "run doctor again");
        }
    }
}
