package io.millrace.server.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.util.Map;

/** Who may ask for what. Immutable. */
final class AdminRoutes {
    private final HostCheck hostCheck;
    private final TokenCheck tokenCheck;
    private final Readiness readiness;
    private final Map<String, AdminResource> resources;

    /**
     * Makes the routes.
     *
     * @param resources by path, besides health and readiness
     */
    AdminRoutes(
            final HostCheck hostCheck,
            final TokenCheck tokenCheck,
            final Readiness readiness,
            final Map<String, AdminResource> resources) {
        this.hostCheck = hostCheck;
        this.tokenCheck = tokenCheck;
        this.readiness = readiness;
        this.resources = Map.copyOf(resources);
    }

    /**
     * Takes a request in.
     *
     * @param localAddress that its connection came to
     * @return what it asks for: a path that there is
     * @throws AdminException if it is refused
     */
    Query admit(final HttpRequest request, final InetAddress localAddress) throws AdminException {
        hostCheck.check(request, localAddress);
        final Query query = Query.parse(request.uri());
        final boolean open = HealthResources.OPEN_PATHS.contains(query.path());
        if (!open) {
            // Before the path is looked up: without the token not even the paths are told.
            tokenCheck.check(request);
            if (!resources.containsKey(query.path())) {
                throw new AdminException(AdminReply.error(
                        HttpResponseStatus.NOT_FOUND, "not_found", "there is nothing at this path of the admin port"));
            }
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            throw new AdminException(
                    AdminReply.error(HttpResponseStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "use GET or HEAD")
                            .with("allow", "GET, HEAD"));
        }
        return query;
    }

    /** What a path that needs neither a token nor a query thread is answered with. */
    AdminReply health(final String path) {
        return path.equals(HealthResources.HEALTH) ? HealthResources.health() : HealthResources.readiness(readiness);
    }

    /** What stands at an admitted path that is not open. */
    AdminResource resource(final String path) {
        return resources.get(path);
    }
}
