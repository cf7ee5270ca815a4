using System.Text.Json;
using CogniForge.Llm.Application;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Keys;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.Llm.Api;

/// <summary>OpenAI's chat completions.</summary>
internal static class ChatCompletionsApi
{
    public static void MapChatCompletions(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/chat/completions", Complete).RequireScope(Scopes.LlmInvoke).WithTags("OpenAI")
            .WithName("CreateChatCompletion").WithSummary("Answer a conversation, as OpenAI's API does")
            .AddOpenApiOperationTransformer(DescribeBodyAsync);

    public static async Task<Results<Ok<ChatCompletion>, ProblemHttpResult>> Complete(
        JsonElement body, HttpContext context, CompleteChat complete, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ChatRequestReader.Read(body, out var request) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        return await complete.ExecuteAsync(request!, Caller.Of(context.User).Id, cancellationToken) is { } answered
            ? TypedResults.Ok(ChatCompletion.Of(answered.Id, answered.Answer, time.GetUtcNow()))
            : UnknownModel(request!.Model);
    }

    /// <summary>OpenAI's answer to a model that is not there.</summary>
    public static ProblemHttpResult UnknownModel(string model) => TypedResults.Problem(
        $"The model '{model}' does not exist; GET /v1/models lists those that do.", statusCode: StatusCodes.Status404NotFound,
        extensions: new Dictionary<string, object?> { ["param"] = "model", ["code"] = "model_not_found" });

    /// <summary>The body is bound as raw JSON, of which the document would know nothing.</summary>
    private static async Task DescribeBodyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ChatCompletionRequest), cancellationToken: cancellationToken);
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
    }
}
