package io.tidewatch.command.agent;

import io.tidewatch.api.config.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that come into a folder together: written and synced in a hidden folder of it first, then renamed one after the
 * other. If one of them cannot take its place, those before it are taken back, and the folder is as it was. Made by
 * {@link #prepare}.
 *
 * @param staging the hidden folder
 */
public record FileBatch(Path folder, Path staging, List<NewFile> files) implements AutoCloseable {
    /** @param secret whether only the user of the agent may read it */
    public record NewFile(String name, List<String> content, boolean secret) {

        /** Shows no content, which may be secret. */
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Writes them into a hidden folder beside their places.
     *
     * @param folder where they shall be
     * @param owner user who may read the secret ones; null: the user of the command
     * @throws IOException if they cannot be written, or a link or what is no file stands in the place of one, since it would be
     *     replaced by a file; nothing of them is left
     */
    public static FileBatch prepare(Path folder, List<NewFile> files, @Nullable UserPrincipal owner)
            throws IOException {
        for (NewFile file : files) {
            requireReplaceable(folder.resolve(file.name()));
        }
        // Only its owner may enter it: the secrets in there are secret from the beginning.
        FileBatch batch = new FileBatch(folder, Files.createTempDirectory(folder, ".writing-"), files);
        try {
            for (NewFile file : files) {
                batch.write(file, owner);
            }
            return batch;
        } catch (IOException | RuntimeException e) {
            batch.close();
            throw e;
        }
    }

    private static void requireReplaceable(Path place) throws IOException {
        if (Files.isSymbolicLink(place)) {
            throw new FileSystemException(
                    place.toString(), null, place + " is a link: replace it by a file, or remove it");
        }
        if (Files.exists(place)) {
            try {
                RegularFile.require(place);
            } catch (FileSystemException e) {
                throw new FileSystemException(place.toString(), null, place + " is in the way: " + e.getReason());
            }
        }
    }

    /** @throws IOException if one of them cannot be put in place; then none is */
    public void putInPlace() throws IOException {
        Deque<NewFile> done = new ArrayDeque<>();
        try {
            for (NewFile file : files) {
                Path target = folder.resolve(file.name());
                if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
                    Files.copy(target, former(file), StandardCopyOption.COPY_ATTRIBUTES);
                }
                done.push(file);
                Files.move(staging.resolve(file.name()), target, StandardCopyOption.ATOMIC_MOVE);
            }
            sync(folder);
        } catch (IOException e) {
            takeBack(done, e);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(staging)) {
            for (Path path : left) {
                Files.delete(path);
            }
        }
        Files.delete(staging);
    }

    private Path former(NewFile file) {
        return staging.resolve("former-" + file.name());
    }

    private void takeBack(Deque<NewFile> done, IOException reason) {
        for (NewFile file : done) {
            Path target = folder.resolve(file.name());
            try {
                if (Files.exists(former(file))) {
                    Files.move(former(file), target, StandardCopyOption.ATOMIC_MOVE);
                } else if (Files.notExists(staging.resolve(file.name()))) {
                    Files.delete(target);
                }
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }

    private void write(NewFile file, @Nullable UserPrincipal owner) throws IOException {
        Path path = staging.resolve(file.name());
        byte[] bytes = (String.join("\n", file.content()) + "\n").getBytes(StandardCharsets.UTF_8);
        Files.write(path, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Path former = folder.resolve(file.name());
        if (file.secret()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            if (owner != null) {
                Files.setOwner(path, owner);
            }
        } else if (Files.isRegularFile(former, LinkOption.NOFOLLOW_LINKS)) {
            takeOver(Files.readAttributes(former, PosixFileAttributes.class), path);
        } else {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    private static void takeOver(PosixFileAttributes former, Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        if (!now.owner().equals(former.owner())) {
            view.setOwner(former.owner());
        }
        if (!now.group().equals(former.group())) {
            view.setGroup(former.group());
        }
        view.setPermissions(former.permissions());
    }

    /** So that the names survive a power cut as well. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
