package io.tidewatch.collector.filesystem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** File systems that hold 1000 bytes, fail, or do not answer, as a test says. */
final class FakeDisks implements Capacity.Reader {
    private final Map<Path, Capacity> capacities = new ConcurrentHashMap<>();
    private final Set<Path> broken = ConcurrentHashMap.newKeySet();
    private final Set<Path> silent = ConcurrentHashMap.newKeySet();
    private final Set<Path> confusing = ConcurrentHashMap.newKeySet();
    private final List<Path> asked = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    @Override
    public Capacity read(Path path) throws IOException {
        synchronized (this) {
            asked.add(path);
            threads.add(Thread.currentThread());
            while (silent.contains(path)) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // As with the kernel: a call that hangs takes no notice.
                }
            }
        }
        if (broken.contains(path)) {
            throw new IOException(path + ": Input/output error");
        }
        if (confusing.contains(path)) {
            throw new IllegalArgumentException("a fault of the program");
        }
        return capacities.getOrDefault(path, new Capacity(1000, 240, 640));
    }

    void put(Path path, Capacity capacity) {
        capacities.put(path, capacity);
    }

    /** The next question shows a fault of the program. */
    void confuse(Path path) {
        confusing.add(path);
    }

    void fail(Path path) {
        broken.add(path);
    }

    void hang(Path path) {
        silent.add(path);
    }

    synchronized void answer(Path path) {
        silent.remove(path);
        notifyAll();
    }

    synchronized void answerAll() {
        silent.clear();
        notifyAll();
    }

    /** Everything that was asked, in order. */
    synchronized List<Path> asked() {
        return List.copyOf(asked);
    }

    /** Who asked, in the same order. */
    synchronized List<Thread> threads() {
        return List.copyOf(threads);
    }
}
