using Microsoft.Net.Http.Headers;

namespace CogniForge.Serving.Models;

/// <summary>The headers If-Match and If-None-Match of a change (RFC 9110, 13.1).</summary>
/// <param name="IfMatch">Entity tags, one of which must be the present one; null: no condition.</param>
/// <param name="IfNoneMatch">Entity tags, none of which may be the present one; null: no condition.</param>
internal sealed record Precondition(string? IfMatch, string? IfNoneMatch)
{
    public static Precondition None { get; } = new(null, null);

    public static Precondition From(HttpRequest request) =>
        new(Join(request.Headers.IfMatch), Join(request.Headers.IfNoneMatch));

    /// <summary>The entity tag of a revision.</summary>
    public static string Format(Guid revision) => $"\"{revision:n}\"";

    /// <summary>Sends the entity tag of a revision.</summary>
    public static void Send(HttpResponse response, Guid revision) =>
        response.Headers[HeaderNames.ETag] = Format(revision);

    /// <summary>Checks the condition against the present revision; null: it does not exist.</summary>
    /// <exception cref="RegistryException">The condition fails: 412.</exception>
    public void Check(Guid? revision)
    {
        if (IfMatch is not null && !Contains(IfMatch, revision))
        {
            throw new RegistryException(
                RegistryErrorKind.Changed,
                revision is null
                    ? "If-Match: it does not exist."
                    : $"If-Match: it has changed, its ETag is {Format(revision.Value)}."
            );
        }

        if (IfNoneMatch is not null && Contains(IfNoneMatch, revision))
        {
            throw new RegistryException(
                RegistryErrorKind.Changed,
                $"If-None-Match: it exists, its ETag is {Format(revision!.Value)}."
            );
        }
    }

    private static bool Contains(string tags, Guid? revision) =>
        revision is { } present
        && tags.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(t => t == "*" || t == Format(present));

    private static string? Join(Microsoft.Extensions.Primitives.StringValues values) =>
        values.Count == 0 ? null : string.Join(',', values.ToArray());
}
