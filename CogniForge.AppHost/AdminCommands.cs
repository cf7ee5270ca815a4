using System.Text.Json;

namespace CogniForge.AppHost;

/// <summary>Our own commands in the dashboard's menus: each posts to one of the service's endpoints with the operator's key.</summary>
internal static class AdminCommands
{
    /// <summary>Adds the command that hands the messages which could not be handled to the service's consumers once more.</summary>
    public static IResourceBuilder<ProjectResource> WithDeadLetterReplay(this IResourceBuilder<ProjectResource> service, SharedKeys keys) =>
        service.WithAdminCommand(keys, "dead-letters/replay", "replay-dead-letters", "Replay dead letters",
            answer => $"{answer.GetProperty("moved")} moved back to their queues, {answer.GetProperty("left")} left.",
            new()
            {
                Description = "Hands the messages that could not be handled to their consumers once more.",
                ConfirmationMessage = "Has the cause been mended? Messages that fail again come back to the dead letters.",
                IconName = "MailArrowUp",
            });

    /// <summary>Adds the command that forgets all cached answers.</summary>
    public static IResourceBuilder<ProjectResource> WithCachePurge(this IResourceBuilder<ProjectResource> service, SharedKeys keys) =>
        service.WithAdminCommand(keys, "cache/purge", "purge-cache", "Purge cache",
            _ => "All cached answers are forgotten.",
            new()
            {
                Description = "Forgets all cached answers, at every replica.",
                ConfirmationMessage = "Forget all cached answers? Providers are asked again.",
                IconName = "Broom",
            });

    private static IResourceBuilder<ProjectResource> WithAdminCommand(
        this IResourceBuilder<ProjectResource> service, SharedKeys keys, string path, string name, string label, Func<JsonElement, string> say, HttpCommandOptions options)
    {
        options.PrepareRequest = async context =>
            context.Request.Headers.Authorization = new("Bearer", await keys.Admin.Resource.GetValueAsync(context.CancellationToken));
        options.GetCommandResult = async context =>
        {
            var answer = Read(await context.Response.Content.ReadAsStringAsync(context.CancellationToken));
            return context.Response.IsSuccessStatusCode ? CommandResults.Success(say(answer)) : CommandResults.Failure(Reason(answer, (int)context.Response.StatusCode));
        };
        return service.WithHttpCommand($"/api/v1/{service.Resource.Name}/{path}", label, commandName: name, commandOptions: options);
    }

    private static JsonElement Read(string answer)
    {
        try
        {
            return JsonElement.Parse(answer);
        }
        catch (JsonException)
        {
            // No content, or an answer that is not the service's own.
            return default;
        }
    }

    /// <summary>Problem details in one sentence.</summary>
    private static string Reason(JsonElement problem, int status) =>
        problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("detail", out var detail) ? $"{detail} ({status})" : $"The service answered {status}.";
}
