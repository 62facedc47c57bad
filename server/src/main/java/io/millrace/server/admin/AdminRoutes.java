package io.millrace.server.admin;

import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.Query;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may ask for what. Immutable. */
final class AdminRoutes {
    private final HostCheck hostCheck;
    private final TokenCheck tokenCheck;
    private final Map<String, AdminResource> resources = new HashMap<>();
    private final Map<String, AdminResource> subtrees = new HashMap<>();

    /**
     * Makes the routes.
     *
     * @param resources by path; one that ends with a slash, other than the root, stands for all that is below it
     */
    AdminRoutes(final HostCheck hostCheck, final TokenCheck tokenCheck, final Map<String, AdminResource> resources) {
        this.hostCheck = hostCheck;
        this.tokenCheck = tokenCheck;
        resources.forEach((path, resource) -> {
            final boolean subtree = path.endsWith("/") && path.length() > 1;
            (subtree ? subtrees : this.resources).put(path, resource);
        });
    }

    /**
     * Takes a request in.
     *
     * @param localAddress that its connection came to
     * @throws AdminException if it is refused
     */
    Admitted admit(final HttpRequest request, final InetAddress localAddress) throws AdminException {
        hostCheck.check(request, localAddress);
        final Query query = Query.parse(request);
        final Optional<AdminResource> resource = find(query.path());
        if (resource.isEmpty() || resource.get().access() != AdminResource.Access.OPEN) {
            // Without the token not even the paths are told.
            tokenCheck.check(request);
        }
        if (resource.isEmpty()) {
            throw new AdminException(AdminReply.error(
                    HttpResponseStatus.NOT_FOUND, "not_found", "there is nothing at this path of the admin port"));
        }
        checkMethod(request.method(), resource.get().method());
        if (resource.get().access() == AdminResource.Access.TOKEN_ALWAYS) {
            tokenCheck.checkThereIsOne();
        }
        return new Admitted(query, resource.get());
    }

    private static void checkMethod(final HttpMethod method, final AdminResource.Method wanted) throws AdminException {
        final List<HttpMethod> allowed = switch (wanted) {
            case GET -> List.of(HttpMethod.GET, HttpMethod.HEAD);
            case POST -> List.of(HttpMethod.POST);
        };
        if (!allowed.contains(method)) {
            final List<String> names = allowed.stream().map(HttpMethod::name).toList();
            throw new AdminException(AdminReply.error(
                            HttpResponseStatus.METHOD_NOT_ALLOWED,
                            "method_not_allowed",
                            "use " + String.join(" or ", names))
                    .with("allow", String.join(", ", names)));
        }
    }

    private Optional<AdminResource> find(final String path) {
        final AdminResource exact = resources.get(path);
        if (exact != null) {
            return Optional.of(exact);
        }
        return subtrees.entrySet().stream()
                .filter(subtree -> path.startsWith(subtree.getKey())
                        && path.length() > subtree.getKey().length())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * A request that may be answered.
     *
     * @param resource that it asks for
     */
    record Admitted(Query query, AdminResource resource) {}
}
