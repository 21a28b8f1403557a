package io.tidewatch.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryThreadTest {
    private final QueryThread queries = new QueryThread();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();

    @AfterEach
    void close() {
        queries.close();
    }

    private Future<?> ask(String client) {
        return queries.submit(client, () -> {
            begun.incrementAndGet();
            try {
                gate.await();
                answered.incrementAndGet();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
        });
    }

    @Test
    void oneClientLeavesRoomForOthers() {
        List<Future<?>> accepted = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Future<?> query = ask("hostile");
            if (query != null) {
                accepted.add(query);
            }
        }
        assertThat(accepted).hasSize(QueryThread.MOST_OF_ONE);
        assertThat(ask("other")).isNotNull();
        gate.countDown();
        await().until(() -> answered.get() == QueryThread.MOST_OF_ONE + 1);
        await().until(() -> ask("hostile") != null);
    }

    /** Those of other programs may have taken all. */
    @Test
    void queriesForWhichThereIsNoThreadCountForNothing() {
        AtomicInteger refusals = new AtomicInteger(QueryThread.MOST_OF_ONE + 1);
        QueryThread own = new QueryThread(task -> new Thread(task) {
            @Override
            public synchronized void start() {
                if (refusals.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
            }
        });
        while (refusals.get() > 0) {
            assertThat(own.submit("phone", answered::incrementAndGet)).isNull();
        }
        assertThat(own.submit("phone", answered::incrementAndGet)).isNotNull();
        await().until(() -> answered.get() == 1);
        own.close();
    }

    @Test
    void manyClientsAreBoundedTogether() {
        int accepted = 0;
        for (int i = 0; i < 100; i++) {
            accepted += ask("client" + i) == null ? 0 : 1;
        }
        assertThat(accepted).isEqualTo(QueryThread.MOST + 1);
        gate.countDown();
        await().until(() -> answered.get() == QueryThread.MOST + 1);
        await().until(() -> ask("client99") != null);
    }

    /** Readers that go before their turn free their place, and the one that is being answered is interrupted. */
    @Test
    void cancelledQueriesFreeTheirPlaces() {
        List<Future<?>> waiting = new ArrayList<>();
        for (int i = 0; i < QueryThread.MOST_OF_ONE; i++) {
            waiting.add(ask("hasty"));
        }
        assertThat(ask("hasty")).isNull();
        await().until(() -> begun.get() == 1);
        waiting.forEach(query -> query.cancel(true));
        await().until(() -> interrupted.get() > 0);
        List<Future<?>> again = new ArrayList<>();
        for (int i = 0; i < QueryThread.MOST_OF_ONE; i++) {
            again.add(ask("hasty"));
        }
        assertThat(again).doesNotContainNull();
        gate.countDown();
        await().until(() -> again.stream().allMatch(Future::isDone));
        assertThat(again).noneMatch(Future::isCancelled);
        assertThat(answered.get()).isGreaterThanOrEqualTo(QueryThread.MOST_OF_ONE);
    }
}
