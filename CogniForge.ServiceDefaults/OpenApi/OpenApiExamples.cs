using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>Examples for the OpenAPI document.</summary>
public static class OpenApiExamples
{
    /// <summary>Shows what goes in and what comes out.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="request">A body, JSON; null: it takes none.</param>
    /// <param name="response">The answer of a success, JSON; null: it has none.</param>
    public static RouteHandlerBuilder WithExamples(
        this RouteHandlerBuilder builder,
        string? request = null,
        string? response = null
    ) =>
        builder.AddOpenApiOperationTransformer(
            (operation, _, _) =>
            {
                if (
                    request is not null
                    && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true
                )
                {
                    body.Example = JsonNode.Parse(request);
                }

                foreach (var (status, answer) in operation.Responses ?? [])
                {
                    if (
                        response is not null
                        && status is "200" or "201" or "202"
                        && answer.Content?.TryGetValue("application/json", out var content) == true
                    )
                    {
                        content.Example = JsonNode.Parse(response);
                    }
                }

                return Task.CompletedTask;
            }
        );

    /// <summary>Shows what a parameter may be.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="parameter">Its name.</param>
    /// <param name="value">A value.</param>
    public static RouteHandlerBuilder WithParameterExample(
        this RouteHandlerBuilder builder,
        string parameter,
        string value
    ) =>
        builder.AddOpenApiOperationTransformer(
            (operation, _, _) =>
            {
                operation.Parameters!.OfType<OpenApiParameter>().Single(p => p.Name == parameter).Example = value;
                return Task.CompletedTask;
            }
        );
}
