using System.Text.Json.Nodes;

namespace CogniForge.Llm.Api.Admin;

/// <summary>Examples for the OpenAPI document.</summary>
internal static class OpenApiExamples
{
    /// <summary>Shows what goes in and what comes out.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="request">A body; null: it takes none.</param>
    /// <param name="response">The answer of a success; null: it has none.</param>
    public static RouteHandlerBuilder WithExamples(this RouteHandlerBuilder builder, string? request = null, string? response = null) =>
        builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (request is not null && operation.RequestBody?.Content?["application/json"] is { } body)
            {
                body.Example = JsonNode.Parse(request);
            }

            foreach (var (status, answer) in operation.Responses ?? [])
            {
                if (response is not null && status is "200" or "201" && answer.Content?.TryGetValue("application/json", out var content) == true)
                {
                    content.Example = JsonNode.Parse(response);
                }
            }

            return Task.CompletedTask;
        });
}
