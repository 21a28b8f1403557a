package io.tidewatch.page;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.osgi.service.component.annotations.Component;

/** Leads from {@code /} to the page. */
@Component(service = Servlet.class, property = "osgi.http.whiteboard.servlet.pattern=")
public final class PageRoot extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Location", PageFiles.FOLDER);
        response.setStatus(HttpServletResponse.SC_FOUND);
    }
}
