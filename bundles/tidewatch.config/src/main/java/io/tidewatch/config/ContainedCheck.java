package io.tidewatch.config;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.WrittenSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A check of any bundle, called on a thread of its own with a deadline. One that does not answer in time, or throws before it
 * is asked for settings, is not asked again until the bundles change; the settings that it would validate are used as if it
 * had no objection. Safe for use by several threads.
 *
 * <p>All of its methods throw an {@link OutOfMemoryError} while there is no thread for it, and it can be asked again.
 */
final class ContainedCheck implements ConfigurationCheck {
    /** Longer than any check takes on a slow board. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ContainedCheck.class);

    private final String name;
    private final Consumer<Thread> starter;
    private volatile @Nullable ConfigurationCheck check;
    private volatile String trouble = "";

    /** Makes a check, asked on threads that the starter starts; one that cannot be made has no objection to anything. */
    ContainedCheck(String name, Callable<Object> making, Consumer<Thread> starter) {
        this.name = name;
        this.starter = starter;
        this.check = call(() -> Optional.of((ConfigurationCheck) making.call()), Optional.<ConfigurationCheck>empty())
                .orElse(null);
    }

    /** Why it is not asked any more, as a sentence for an operator; empty if it is. */
    String trouble() {
        return trouble;
    }

    @Override
    public boolean concerns(String pid) {
        ConfigurationCheck asked = check;
        return asked != null && call(() -> asked.concerns(pid), false);
    }

    @Override
    public Set<String> keys() {
        ConfigurationCheck asked = check;
        return asked == null ? Set.of() : call(() -> Set.copyOf(asked.keys()), Set.of());
    }

    /** @throws IllegalStateException if it throws anything; the message names it */
    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        ConfigurationCheck asked = check;
        if (asked != null) {
            Found answer = call(() -> found(asked, written), new Found(List.of(), null));
            if (answer.thrown() != null) {
                throw new IllegalStateException(name + " fails: " + answer.thrown(), answer.thrown());
            }
            problems.addAll(answer.problems());
        }
    }

    private record Found(List<InvalidSettingException> problems, @Nullable Throwable thrown) {}

    /** What it throws concerns these settings alone: others may be fine. */
    private static Found found(ConfigurationCheck asked, WrittenSettings written) {
        List<InvalidSettingException> problems = new ArrayList<>();
        try {
            asked.check(written, problems);
            return new Found(List.copyOf(problems), null);
        } catch (Throwable thrown) {
            return new Found(List.of(), thrown);
        }
    }

    private <T> T call(Callable<T> question, T otherwise) {
        FutureTask<T> answer = new FutureTask<>(question);
        try {
            Thread thread = new Thread(answer, "tidewatch-config-check");
            thread.setDaemon(true);
            starter.accept(thread);
            return answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            failed("fails: " + e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            failed("does not answer within " + DEADLINE.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed("was interrupted");
        }
        return otherwise;
    }

    private void failed(String how) {
        check = null;
        trouble = "the check " + name + ", which " + how.replaceAll("\\p{Cntrl}+", " ")
                + "; its settings are used without it: update or remove its bundle";
        LOG.error("{}", trouble);
    }
}
