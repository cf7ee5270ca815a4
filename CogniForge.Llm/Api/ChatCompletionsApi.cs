using System.Text.Json;
using CogniForge.Llm.Application;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Api;

/// <summary>OpenAI's chat completions.</summary>
internal static class ChatCompletionsApi
{
    public static void MapChatCompletions(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/chat/completions", Complete).RequireScope(Scopes.LlmInvoke).WithTags("OpenAI")
            .WithName("CreateChatCompletion").WithSummary("Answer a conversation, as OpenAI's API does")
            .Accepts<ChatCompletionRequest>("application/json");

    public static async Task<Results<JsonHttpResult<ChatCompletion>, ProblemHttpResult>> Complete(
        JsonElement body, HttpContext context, CompleteChat complete, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ChatRequestReader.Read(body, out var request) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        return await complete.ExecuteAsync(request!, Caller.Of(context.User).Id, cancellationToken) is { } answered
            ? TypedResults.Json(ChatCompletion.Of(answered.Id, answered.Answer, time.GetUtcNow()), OpenAiJson.Options)
            : UnknownModel(request!.Model);
    }

    /// <summary>OpenAI's answer to a model that is not there.</summary>
    public static ProblemHttpResult UnknownModel(string model) => TypedResults.Problem(
        $"The model '{model}' does not exist; GET /v1/models lists those that do.", statusCode: StatusCodes.Status404NotFound,
        extensions: new Dictionary<string, object?> { ["param"] = "model", ["code"] = "model_not_found" });
}
