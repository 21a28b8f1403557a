package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.Slice;
import io.tidewatch.uploader.victoriametrics.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.Answer.Partial;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the samples for whose sake the server refuses a chunk: sends its halves, and the halves of what is refused, down
 * to the sample. A sample is given up only when it was refused alone and once more, while the server accepted others: a
 * server that refuses everything has another reason. The halves are each other's neighbours, so that no other chunk is
 * needed. As long as nothing was accepted it goes no further than down one side, which costs about as many bytes as the
 * chunk itself.
 *
 * <p>Used once, by one thread.
 */
final class Isolation {
    /** The reason with which a sample is set aside. */
    static final String REASON = "refused_by_server";

    private static final Logger LOG = LoggerFactory.getLogger(Isolation.class);

    /** Many bad samples are not found in one go: the rest stays pending, and is looked at in the next cycle. */
    private static final int MOST_REQUESTS = 250;

    private final ChunkPost post;
    private final ChunkPost.Address address;
    private final Chunk chunk;
    private final List<Slice> accepted = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private final List<Slice> suspects = new ArrayList<>();
    private boolean proven;
    private boolean halted;
    private @Nullable Failure failure;
    private int requests;

    /**
     * @param chunk what was refused
     * @param proven whether the server has accepted another chunk of the same delivery
     */
    Isolation(ChunkPost post, ChunkPost.Address address, Chunk chunk, boolean proven) {
        this.post = post;
        this.address = address;
        this.chunk = chunk;
        this.proven = proven;
    }

    /**
     * Looks for them.
     *
     * @param refusal what the server said of the chunk
     */
    void run(Failure refusal) throws InterruptedException {
        failure = refusal;
        Deque<List<Slice>> rest = new ArrayDeque<>();
        halve(chunk.lines(), rest);
        int mostUnproven = 2 * (32 - Integer.numberOfLeadingZeros(chunk.size()));
        boolean whole = true;
        while (!rest.isEmpty() && whole) {
            List<Slice> lines = rest.pop();
            Answer answer = requests >= (proven ? MOST_REQUESTS : mostUnproven) ? null : post(lines);
            if (isRefusal(answer)) {
                halve(lines, rest);
            } else {
                whole = answer instanceof Accepted;
            }
        }
        boolean all = whole && proven;
        for (Slice suspect : suspects) {
            all = all && confirm(suspect);
        }
        if (all) {
            failure = null;
        }
    }

    /** What the server accepted. */
    List<Slice> accepted() {
        return accepted;
    }

    /** What it never will. */
    List<Rejection> rejected() {
        return rejected;
    }

    /** Why some samples are still pending; null if none is. */
    @Nullable
    Failure failure() {
        return failure;
    }

    /** Whether something changed meanwhile. */
    boolean halted() {
        return halted;
    }

    /** Whether the server refuses the samples; for a single one that includes its size. */
    private static boolean isRefusal(@Nullable Answer answer) {
        return answer instanceof Failure failure
                && (failure.reason() == Reason.REFUSED || failure.reason() == Reason.HTTP_413);
    }

    /** @return whether to go on */
    private boolean confirm(Slice suspect) throws InterruptedException {
        Answer answer = post(List.of(suspect));
        if (answer instanceof Failure refused && isRefusal(answer)) {
            LOG.debug("{} at {} is set aside: {}", suspect.samples(), suspect.from(), refused.message());
            rejected.add(new Rejection(suspect, REASON));
            return true;
        }
        return answer instanceof Accepted;
    }

    /** @return null if it was not sent, because something changed */
    private @Nullable Answer post(List<Slice> lines) throws InterruptedException {
        if (address.turn().next() == Turn.Next.HALT) {
            halted = true;
            return null;
        }
        requests++;
        Answer answer = post.post(lines, chunk.index(), address);
        if (answer instanceof Accepted) {
            accepted.addAll(lines);
            proven = true;
        } else if (answer instanceof Partial partial) {
            accepted.addAll(new Chunk(chunk.index(), lines).first(partial.samples()));
        } else if (answer instanceof Failure other) {
            failure = other;
        }
        return answer;
    }

    /** Puts both halves on top; a single sample cannot be halved and is suspected. */
    private void halve(List<Slice> lines, Deque<List<Slice>> rest) {
        if (lines.size() > 1) {
            int middle = lines.size() / 2;
            rest.push(lines.subList(middle, lines.size()));
            rest.push(lines.subList(0, middle));
            return;
        }
        Slice line = lines.get(0);
        if (line.size() == 1) {
            suspects.add(line);
            return;
        }
        int middle = line.from() + line.size() / 2;
        rest.push(List.of(new Slice(line.samples(), middle, line.to())));
        rest.push(List.of(new Slice(line.samples(), line.from(), middle)));
    }
}
