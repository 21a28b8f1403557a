package io.tidewatch.api.collector;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * The service properties of a {@link Collector}: how it is run unless its {@code .cfg} says otherwise. Each is
 * registered with the prefix {@code collector.}; the file overrides it by the plain key.
 *
 * <table>
 * <caption>Properties and keys</caption>
 * <tr><th>Service property</th><th>Key in the .cfg</th></tr>
 * <tr><td>{@code collector.name}</td><td>none: the name is the collector's identity. One of several instances, from
 * {@code tidewatch.collector.<name>-<instance>.cfg}, is called {@code <name>-<instance>}, and its series carry the label
 * {@code instance}</td></tr>
 * <tr><td>{@code collector.interval}</td><td>{@code interval}</td></tr>
 * <tr><td>{@code collector.timeout}</td><td>{@code timeout}</td></tr>
 * <tr><td>{@code collector.priority}</td><td>{@code priority}</td></tr>
 * <tr><td></td><td>{@code enabled} (true): false turns the collector off</td></tr>
 * </table>
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface CollectorProperties {
    /** Prefix of the service properties; DS puts it before every name below. */
    String PREFIX_ = "collector.";

    /**
     * The collector's name, as in {@code tidewatch.collector.<name>}: unique among running collectors. Of two with one
     * name the higher {@code service.ranking} runs; when it goes, the other resumes.
     */
    String name();

    /** Time from the start of one pass to the start of the next, as {@link io.tidewatch.api.config.Setting} reads it. */
    String interval() default "30s";

    /** How long a pass may take before it is interrupted. */
    String timeout() default "5s";

    /** {@code critical}, {@code high}, {@code normal} or {@code low}: what is delivered first, and evicted last. */
    String priority() default "normal";
}
