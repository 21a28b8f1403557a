package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Collector;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** A collector in the service registry, with its properties at one moment. */
record ServiceOffer(
        BundleContext context, ServiceReference<Collector> reference, Map<String, Object> properties, String bundle)
        implements CollectorOffer {
    ServiceOffer(BundleContext context, ServiceReference<Collector> reference) {
        this(context, reference, FrameworkUtil.asMap(reference.getProperties()), described(reference.getBundle()));
    }

    private static String described(@Nullable Bundle owner) {
        return owner == null ? "uninstalled" : owner.getSymbolicName() + " " + owner.getVersion();
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
