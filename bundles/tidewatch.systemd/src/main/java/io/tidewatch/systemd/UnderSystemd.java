package io.tidewatch.systemd;

import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Enables {@link SystemdComponent} where systemd has started the process as a service of type notify, else does nothing. */
@Component(
        name = "tidewatch.systemd.environment",
        immediate = true,
        service = {},
        configurationPolicy = ConfigurationPolicy.IGNORE)
public final class UnderSystemd {
    @Activate
    public UnderSystemd(ComponentContext context) {
        if (ServiceEnvironment.isService(System.getenv())) {
            context.enableComponent(SystemdComponent.NAME);
        }
    }
}
