using CogniForge.Llm.Gateway;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.ProviderState;

/// <summary>
/// Keeps the clients of one account at a provider apart: a key refers only to what this gateway returned to it.
/// </summary>
internal sealed class StatefulReferenceChecker(IProviderStateStore store)
{
    private const int MaxReferences = StatefulReferenceReader.MaxReferences;
    private static readonly string[] _untranslatable = ["previous_response_id", "conversation", "prompt"];

    /// <summary>Finds the first reference of a request that its route does not allow; null: none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">Its route.</param>
    /// <param name="caller">The id of the caller's API key.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    public async ValueTask<ErrorResponse?> CheckAsync(
        InferenceRequest request,
        ResolvedRoute route,
        string caller,
        CancellationToken cancellationToken
    )
    {
        var allowed = route.Route.StatefulReferences;
        if (allowed == StatefulReferences.Any || request.References.Count == 0)
        {
            return null;
        }

        // Translators refuse these with a message that says what to send instead, and send no ids of items.
        var isTranslated = !route.Targets.Any(t => t.Provider.Protocols.Contains(request.Protocol));
        StatefulReference[] references =
        [
            .. request.References.Where(r => !(isTranslated && (IsUntranslatable(r.Path) || IsItemId(r.Path)))),
        ];
        if (references.Length > MaxReferences)
        {
            return TooMany(references[MaxReferences]);
        }

        foreach (var reference in references)
        {
            if (reference.IsInvalid)
            {
                return NotString(reference);
            }

            if (allowed == StatefulReferences.None || reference.Id is null)
            {
                return NotAllowed(reference, route.Route);
            }
        }

        if (references.Length == 0)
        {
            return null;
        }

        string[] ids = [.. references.Select(r => r.Id!).Distinct(StringComparer.Ordinal)];
        try
        {
            var owned = await store.FindOwnAsync(caller, ids, cancellationToken);
            return references.FirstOrDefault(r => !owned.ContainsKey(r.Id!)) is { Path: not null } foreign
                ? NotFound(foreign)
                : null;
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            return new(
                new(
                    503,
                    ErrorCategory.Overloaded,
                    "References cannot be checked now. Try again in a few seconds.",
                    request.References[0].Path,
                    "references_unavailable"
                ),
                RetryAfter: TimeSpan.FromSeconds(2)
            );
        }
    }

    private static bool IsUntranslatable(string path) => _untranslatable.Contains(path.Split('.')[0]);

    private static bool IsItemId(string path) =>
        path.StartsWith("input[", StringComparison.Ordinal)
        && path.EndsWith("].id", StringComparison.Ordinal)
        && path.IndexOf(']', StringComparison.Ordinal) == path.Length - "].id".Length;

    private static ErrorResponse TooMany(StatefulReference reference) =>
        new(
            new(
                400,
                ErrorCategory.InvalidRequest,
                $"{reference.Path} is one reference too many: a request may have {MaxReferences}.",
                reference.Path
            )
        );

    private static ErrorResponse NotString(StatefulReference reference) =>
        new(new(400, ErrorCategory.InvalidRequest, $"{reference.Path} must be a string.", reference.Path));

    private static ErrorResponse NotAllowed(StatefulReference reference, ModelRoute route) =>
        new(
            new(
                400,
                ErrorCategory.InvalidRequest,
                $"{reference.Path} is not allowed: the setting statefulReferences of the route '{route.Name}' is "
                    + $"{route.StatefulReferences.ToString().ToLowerInvariant()}.",
                reference.Path,
                "reference_not_allowed"
            )
        );

    // The same for what does not exist and for what belongs to another key.
    private static ErrorResponse NotFound(StatefulReference reference) =>
        new(
            new(
                404,
                ErrorCategory.InvalidRequest,
                $"{reference.Path} is not an id that this gateway has returned to this API key.",
                reference.Path,
                "reference_not_found"
            )
        );
}
