# Varnish in front of Dateline: readers are served from memory, what changed is purged by its keys,
# and while the site is down they read what there is. For Varnish 6.6 or newer with the vmod xkey
# (Debian: apt install varnish varnish-modules). Copy to /etc/varnish/default.vcl, change the
# addresses, and set DATELINE_PURGE_URLS to Varnish's own address on every machine with a worker.
vcl 4.1;

import std;
import xkey;

backend dateline {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 2s;
    # An export of the whole archive takes its time.
    .first_byte_timeout = 120s;
    .probe = {
        .url = "/healthz";
        .interval = 1s;
        .timeout = 2s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

# The machines with a worker.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        # Varnish adds its client to X-Forwarded-For: with a comma there, a proxy of ours has only
        # passed on what somebody outside asked for.
        if (client.ip !~ purgers || req.http.X-Forwarded-For ~ ",") {
            return (synth(403, "Not yours to purge"));
        }
        if (req.http.Soft-Purge) {
            set req.http.X-Purged = xkey.softpurge(req.http.Surrogate-Key);
        } else {
            set req.http.X-Purged = xkey.purge(req.http.Surrogate-Key);
        }
        return (synth(200, "Purged " + req.http.X-Purged));
    }
    if (req.restarts == 0) {
        unset req.http.X-Reader;
        unset req.http.X-Fresh;
        unset req.http.X-Stale;
    }
    # The desk is for those who log in; its answers are never kept. So are those to tokens, and
    # whatever is not only read.
    if (req.url ~ "^/(desk(/|\?|$)|healthz|readyz)" || req.http.Authorization) {
        return (pass);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Readers have no cookie that the site would look at.
    unset req.http.Cookie;
    # Only addresses without a language ask what the browser prefers: its first choice will do.
    if (req.url ~ "^/[a-z][a-z][a-z]?(-[A-Za-z0-9]+)*(/|\?|$)") {
        unset req.http.Accept-Language;
    } else {
        set req.http.Accept-Language =
            regsub(req.http.Accept-Language, "^\s*([A-Za-z]+(-[A-Za-z0-9]+)*).*$", "\1");
    }
    set req.http.X-Reader = "1";
    if (req.http.X-Fresh) {
        set req.grace = 0s;
    }
    if (req.http.X-Stale) {
        set req.grace = 7d;
    }
    return (hash);
}

sub vcl_hit {
    # While the site is up, a stale answer is shown no longer than it allows itself
    # (stale-while-revalidate); `grace` is how long it lasts when the site is down.
    if (obj.ttl < 0s && !req.http.X-Fresh && !req.http.X-Stale
        && std.healthy(req.backend_hint)
        && obj.ttl + std.duration(regsub(obj.http.Cache-Control,
            "^.*stale-while-revalidate=([0-9]+).*$", "\1") + "s", 0s) < 0s) {
        set req.http.X-Fresh = "1";
        return (restart);
    }
}

sub vcl_backend_response {
    if (beresp.status >= 500 && bereq.http.X-Reader) {
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        if (!bereq.http.X-Stale) {
            return (error(503, "The site is down"));
        }
        set beresp.uncacheable = true;
        return (deliver);
    }
    # What does not say how long it may be kept is not kept.
    if (!beresp.http.Cache-Control) {
        set beresp.uncacheable = true;
        return (deliver);
    }
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    set beresp.grace = 0s;
    if (beresp.http.Cache-Control ~ "stale-if-error=[0-9]+") {
        set beresp.grace = std.duration(regsub(beresp.http.Cache-Control,
            "^.*stale-if-error=([0-9]+).*$", "\1") + "s", 0s);
    }
    # What is past that is still good to ask with: the site answers 304 where it has not changed.
    set beresp.keep = 1d;
    if (beresp.http.Content-Type ~ "^(text/|application/([a-z-]+\+)?(json|xml))") {
        set beresp.do_gzip = true;
    }
}

sub vcl_deliver {
    # The site did not answer: once more, with whatever there is.
    if (resp.status >= 500 && req.http.X-Reader && !req.http.X-Stale && req.restarts < 3) {
        unset req.http.X-Fresh;
        set req.http.X-Stale = "1";
        return (restart);
    }
    # Readers' own caches cannot be purged: for them it is a minute, from now on.
    if (resp.http.Cache-Control ~ "s-maxage=") {
        set resp.http.Cache-Control =
            regsuball(resp.http.Cache-Control, ", (s-maxage|stale-if-error)=[0-9]+", "");
        unset resp.http.Age;
    }
    # RFC 9211
    if (obj.hits > 0) {
        set resp.http.Cache-Status = "Varnish; hit";
    } else {
        set resp.http.Cache-Status = "Varnish; fwd=miss";
    }
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
