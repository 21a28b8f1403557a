package io.tidewatch.page.door;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Wrong passwords, by the address that they came from: after some of them that address waits, longer with each. Safe for
 * use by several threads.
 */
final class Guesses {
    /** So many are free. */
    private static final int FREE = 5;

    private static final long SECOND = 1_000_000_000;
    private static final int LONGEST_SHIFT = 6;

    /** Addresses that are remembered: the oldest is forgotten. */
    private static final int MOST = 256;

    /**
     * @param wrong wrong passwords so far
     * @param until no password is looked at before this, in nanoseconds
     */
    private record Guesser(int wrong, long until) {}

    private final LongSupplier nanoTime;

    private final Map<String, Guesser> guessers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Guesser> eldest) {
            return size() > MOST;
        }
    };

    Guesses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** So many seconds an address has to wait; 0: none. */
    synchronized long secondsToWait(String address) {
        Guesser guesser = guessers.get(address);
        long left = guesser == null ? 0 : guesser.until - nanoTime.getAsLong();
        return left <= 0 ? 0 : (left + SECOND - 1) / SECOND;
    }

    synchronized void wrong(String address) {
        Guesser before = guessers.get(address);
        int wrong = before == null ? 1 : Math.min(before.wrong + 1, FREE + LONGEST_SHIFT);
        long wait = wrong < FREE ? 0 : SECOND << (wrong - FREE);
        guessers.put(address, new Guesser(wrong, nanoTime.getAsLong() + wait));
    }

    synchronized void right(String address) {
        guessers.remove(address);
    }
}
