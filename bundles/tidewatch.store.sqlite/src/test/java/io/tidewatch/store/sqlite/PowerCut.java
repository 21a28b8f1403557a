package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.DiskLog.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * Follows a {@link DiskLog} and tells what a power cut may leave of the files at any point of it. Safe is what a sync of
 * the file covers that had ended: all that was done to it before the sync began. Of the rest any part may be there: calls
 * in any combination, also later ones without earlier ones, and of a write any of its sectors. What never got there reads
 * as before, or as zeros behind the former end. Names (created, removed, renamed) are safe after a sync of the folder; of
 * the rest the first ones may be there, since file systems keep those in order.
 */
final class PowerCut {
    /** How much of what is not safe is there. */
    enum Damage {
        NOTHING_KEPT,
        ALL_KEPT,
        KEPT_UP_TO_A_TORN_ONE,
        SOME_KEPT,
        SOME_SECTORS_KEPT
    }

    private static final Damage[] DAMAGES = Damage.values();
    private static final int[] SECTORS = {512, 4096};

    /** Content that grows. */
    private static final class Content {
        private byte[] bytes = new byte[0];
        private int size;

        void write(ByteBuffer data, int from, int to, long offset) {
            int start = Math.toIntExact(offset) + from;
            resize(Math.max(size, start + to - from));
            data.get(from, bytes, start, to - from);
        }

        void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, 2 * bytes.length));
            }
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }

        Content copy() {
            Content copy = new Content();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            return copy;
        }
    }

    /** A file, or with calls alone the folder. */
    private static final class Inode {
        private final Content safe = new Content();
        private final List<Event> unsafe = new ArrayList<>();
        private final Map<Long, Integer> syncs = new HashMap<>();
    }

    private final Map<Integer, Inode> inodes = new HashMap<>();
    private final Map<String, Integer> safeNames = new TreeMap<>();

    PowerCut() {
        inodes.put(DiskLog.FOLDER, new Inode());
    }

    /** Goes on behind one more event. */
    void follow(Event event) {
        switch (event.type()) {
            case CREATE -> {
                inodes.put(event.file(), new Inode());
                folder().unsafe.add(event);
            }
            case UNLINK, RENAME -> folder().unsafe.add(event);
            case WRITE, TRUNCATE -> inode(event).unsafe.add(event);
            case SYNC_BEGIN ->
                inode(event).syncs.put(event.offset(), inode(event).unsafe.size());
            case SYNC_END -> synced(event);
        }
    }

    /** Writes the files that a cut here may leave, at random, into an empty folder. */
    void leave(Path target, Damage damage, Random random) throws IOException {
        Map<String, Integer> names = new TreeMap<>(safeNames);
        List<Event> changes = folder().unsafe;
        int kept =
                switch (damage) {
                    case NOTHING_KEPT -> 0;
                    case ALL_KEPT -> changes.size();
                    default -> random.nextInt(changes.size() + 1);
                };
        for (Event change : changes.subList(0, kept)) {
            rename(names, change);
        }
        for (Map.Entry<String, Integer> name : names.entrySet()) {
            Content content = contentOf(Objects.requireNonNull(inodes.get(name.getValue())), damage, random);
            Files.write(target.resolve(name.getKey()), Arrays.copyOf(content.bytes, content.size));
        }
    }

    private static Content contentOf(Inode inode, Damage damage, Random random) {
        Content content = inode.safe.copy();
        List<Event> calls = inode.unsafe;
        double share = random.nextDouble();
        int sector = SECTORS[random.nextInt(SECTORS.length)];
        int whole = random.nextInt(calls.size() + 1);
        for (int i = 0; i < calls.size(); i++) {
            Event call = calls.get(i);
            switch (damage) {
                case NOTHING_KEPT -> {}
                case ALL_KEPT -> apply(content, call);
                case KEPT_UP_TO_A_TORN_ONE -> {
                    if (i < whole) {
                        apply(content, call);
                    } else if (i == whole) {
                        tear(content, call, sector, 0.5, random);
                    }
                }
                case SOME_KEPT -> {
                    if (random.nextDouble() < share) {
                        apply(content, call);
                    }
                }
                case SOME_SECTORS_KEPT -> tear(content, call, sector, share, random);
            }
        }
        return content;
    }

    private static void apply(Content content, Event call) {
        if (call.type() == DiskLog.Type.TRUNCATE) {
            content.resize(Math.toIntExact(call.offset()));
        } else {
            content.write(call.data(), 0, call.data().remaining(), call.offset());
        }
    }

    /** Applies any of the sectors that a write touches; sectors are those of the file. */
    private static void tear(Content content, Event call, int sector, double share, Random random) {
        if (call.type() == DiskLog.Type.TRUNCATE) {
            if (random.nextDouble() < share) {
                apply(content, call);
            }
            return;
        }
        int length = call.data().remaining();
        int from = 0;
        while (from < length) {
            int to = (int) Math.min(length, from + sector - (call.offset() + from) % sector);
            if (random.nextDouble() < share) {
                content.write(call.data(), from, to, call.offset());
            }
            from = to;
        }
    }

    private void synced(Event event) {
        Inode inode = inode(event);
        Integer covered = inode.syncs.remove(event.offset());
        if (covered == null) {
            throw new IllegalArgumentException("The log has the end of a sync without its begin: " + event);
        }
        for (Event call : inode.unsafe.subList(0, covered)) {
            if (event.file() == DiskLog.FOLDER) {
                rename(safeNames, call);
            } else {
                apply(inode.safe, call);
            }
        }
        inode.unsafe.subList(0, covered).clear();
        inode.syncs.replaceAll((sync, begun) -> Math.max(0, begun - covered));
    }

    private static void rename(Map<String, Integer> names, Event change) {
        switch (change.type()) {
            case CREATE -> names.put(change.name(), change.file());
            case UNLINK -> names.remove(change.name());
            default -> {
                int border = change.name().indexOf('\n');
                Integer file = names.remove(change.name().substring(0, border));
                names.put(change.name().substring(border + 1), Objects.requireNonNull(file));
            }
        }
    }

    private Inode folder() {
        return Objects.requireNonNull(inodes.get(DiskLog.FOLDER));
    }

    private Inode inode(Event event) {
        return Objects.requireNonNull(inodes.get(event.file()), event::toString);
    }

    /** One of the ways in which a cut leaves files, in turn. */
    static Damage damage(int number) {
        return DAMAGES[number % DAMAGES.length];
    }
}
