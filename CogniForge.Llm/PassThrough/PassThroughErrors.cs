using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.PassThrough;

/// <summary>The errors of pass-through requests.</summary>
internal static class PassThroughErrors
{
    /// <summary>The same error for an unknown id and for one of another key, so that ids cannot be probed.</summary>
    public static ErrorResponse NotOwn(string path, string id) =>
        new(
            new(
                404,
                ErrorCategory.InvalidRequest,
                $"'{id}' is not an id that this gateway has returned to this API key.",
                path,
                "reference_not_found"
            )
        );

    public static ErrorResponse Unavailable { get; } =
        new(
            new(
                503,
                ErrorCategory.Overloaded,
                "Ids cannot be checked now. Try again in a few seconds.",
                null,
                "references_unavailable"
            ),
            RetryAfter: TimeSpan.FromSeconds(2)
        );

    public static ErrorResponse NoProvider(Protocol api, string? name) =>
        new(
            new(
                400,
                ErrorCategory.InvalidRequest,
                $"No provider {(name is null ? "" : $"'{name}' ")}with "
                    + $"{(api == Protocol.Messages ? "Anthropic's" : "OpenAI's")} API is configured; the mock does not "
                    + "offer this endpoint.",
                PassThroughProviders.Parameter,
                "provider_not_found"
            )
        );

    public static ErrorResponse CostNotBounded(string reason) =>
        new(
            new(
                403,
                ErrorCategory.Forbidden,
                $"This key or its project has a budget, which cannot bound the cost of this request: {reason}",
                null,
                "cost_not_bounded"
            )
        );

    public static ErrorResponse BatchNotAllowed { get; } =
        new(
            new(
                403,
                ErrorCategory.Forbidden,
                "This key may use only some models, and the requests of a batch could name others.",
                null,
                "batch_not_allowed"
            )
        );
}
