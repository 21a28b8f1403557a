package io.tidewatch.exposition;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A hash table whose keys are ranges of bytes: a lookup takes a range of the line that is parsed and allocates nothing.
 * Open addressing with linear probing, at most half full. Not safe for use by several threads.
 */
public final class ByteMap<V> {
    private static final int SMALLEST = 16;

    private byte[][] keys = new byte[SMALLEST][];
    private Object[] values = new Object[SMALLEST];
    private int size;

    public int size() {
        return size;
    }

    /** Returns the value of a range, or null. */
    @SuppressWarnings("unchecked")
    public @Nullable V get(byte[] bytes, int from, int to) {
        return (V) values[slot(bytes, from, to)];
    }

    /** Sets the value of a range, of which it keeps a copy. */
    public void put(byte[] bytes, int from, int to, V value) {
        int slot = slot(bytes, from, to);
        if (values[slot] == null) {
            if (2 * (size + 1) > keys.length) {
                rebuild(2 * keys.length, kept -> true);
                slot = slot(bytes, from, to);
            }
            keys[slot] = Arrays.copyOfRange(bytes, from, to);
            size++;
        }
        values[slot] = value;
    }

    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super V> action) {
        for (Object value : values) {
            if (value != null) {
                action.accept((V) value);
            }
        }
    }

    @SuppressWarnings("unchecked")
    public void removeIf(Predicate<? super V> unwanted) {
        boolean any = false;
        for (Object value : values) {
            any |= value != null && unwanted.test((V) value);
        }
        if (any) {
            rebuild(SMALLEST, value -> !unwanted.test(value));
        }
    }

    @SuppressWarnings("unchecked")
    private void rebuild(int capacity, Predicate<? super V> wanted) {
        byte[][] oldKeys = keys;
        Object[] oldValues = values;
        keys = new byte[capacity][];
        values = new Object[capacity];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null && wanted.test((V) oldValues[i])) {
                put(oldKeys[i], 0, oldKeys[i].length, (V) oldValues[i]);
            }
        }
    }

    private int slot(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int mask = keys.length - 1;
        int slot = (hash ^ (hash >>> 15)) & mask;
        while (values[slot] != null && !Arrays.equals(keys[slot], 0, keys[slot].length, bytes, from, to)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
