package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Collector;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** A collector in the service registry, with its properties at one moment. */
final class ServiceOffer implements CollectorOffer {
    private final BundleContext context;
    private final ServiceReference<Collector> reference;
    private final Map<String, Object> properties;
    private final String bundle;

    ServiceOffer(BundleContext context, ServiceReference<Collector> reference) {
        this.context = context;
        this.reference = reference;
        Map<String, Object> copy = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            copy.put(key, reference.getProperty(key));
        }
        this.properties = Collections.unmodifiableMap(copy);
        Bundle owner = reference.getBundle();
        this.bundle = owner == null ? "uninstalled" : owner.getSymbolicName() + " " + owner.getVersion();
    }

    @Override
    public long id() {
        return (Long) properties.getOrDefault(Constants.SERVICE_ID, 0L);
    }

    @Override
    public int ranking() {
        return properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    @Override
    public Map<String, Object> properties() {
        return properties;
    }

    @Override
    public String bundle() {
        return bundle;
    }

    @Override
    public ClassLoader classLoader() {
        Bundle owner = reference.getBundle();
        BundleWiring wiring = owner == null ? null : owner.adapt(BundleWiring.class);
        return wiring == null ? ServiceOffer.class.getClassLoader() : wiring.getClassLoader();
    }

    @Override
    public @Nullable Collector obtain() {
        return context.getService(reference);
    }

    @Override
    public void release() {
        context.ungetService(reference);
    }
}
