using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Inference;

/// <summary>The API for recorded inferences.</summary>
internal static class InferencesEndpoints
{
    public static void MapInferences(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/api/v1/serving/inferences/count", Count)
            .RequireScope(Scopes.Read("serving"))
            .WithTags("Inferences")
            .WithName("CountInferences")
            .WithSummary("Count the inferences that are kept")
            .WithExamples(response: """{ "count": 1200 }""");

    public static async Task<Ok<CountResponse>> Count(
        IInferenceStore inferences,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(new CountResponse(await inferences.CountAsync(cancellationToken)));
}
