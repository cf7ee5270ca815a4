using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

#pragma warning disable ASPIREINTERACTION001 // Command arguments are experimental, without a stable alternative.

namespace CogniForge.AppHost;

/// <summary>Dashboard commands; each posts to an endpoint of the service with the admin key.</summary>
internal static class ServiceCommands
{
    private const string Name = "name",
        Scopes = "scopes",
        Days = "days";

    /// <summary>Adds the command that moves dead letters back to their consumers' queues.</summary>
    public static IResourceBuilder<ProjectResource> WithDeadLetterReplay(
        this IResourceBuilder<ProjectResource> service,
        SharedKeys keys
    ) =>
        service.WithAdminCommand(
            keys,
            "dead-letters/replay",
            "replay-dead-letters",
            "Replay dead letters",
            response =>
                CommandResults.Success(
                    $"{response.GetProperty("moved")} moved back to their queues, {response.GetProperty("left")} left."
                ),
            new()
            {
                Description = "Moves messages that failed back to their consumers' queues.",
                ConfirmationMessage = "Is the cause fixed? Messages that fail again return to the dead letters.",
                IconName = "MailArrowUp",
            }
        );

    /// <summary>Adds the command that empties the response cache.</summary>
    public static IResourceBuilder<ProjectResource> WithCachePurge(
        this IResourceBuilder<ProjectResource> service,
        SharedKeys keys
    ) =>
        service.WithAdminCommand(
            keys,
            "cache/purge",
            "purge-cache",
            "Purge cache",
            _ => CommandResults.Success("The response cache is empty."),
            new()
            {
                Description = "Empties the response cache of every replica.",
                ConfirmationMessage = "Empty the response cache? Requests go to the providers again.",
                IconName = "Broom",
            }
        );

    /// <summary>Adds the command that creates an API key and shows it once; the first scope is the default.</summary>
    public static IResourceBuilder<ProjectResource> WithApiKeyCreation(
        this IResourceBuilder<ProjectResource> service,
        SharedKeys keys,
        params string[] scopes
    ) =>
        service.WithAdminCommand(
            keys,
            "keys",
            "create-api-key",
            "Create API key",
            response =>
                CommandResults.Success(
                    "The key is shown only once.",
                    response.GetProperty("key").GetString()!,
                    CommandResultFormat.Text,
                    displayImmediately: true
                ),
            new()
            {
                Description = "Creates an API key of this service.",
                IconName = "Key",
                IconVariant = IconVariant.Regular,
                Arguments =
                [
                    new()
                    {
                        Name = Name,
                        Label = "Name",
                        Description = "What the key is for.",
                        InputType = InputType.Text,
                        Required = true,
                        MaxLength = 100,
                    },
                    new()
                    {
                        Name = Scopes,
                        Label = "Scopes",
                        Description = "Separate several scopes by spaces.",
                        InputType = InputType.Choice,
                        Required = true,
                        AllowCustomChoice = true,
                        Options = [.. scopes.Select(scope => KeyValuePair.Create(scope, scope))],
                        Value = scopes[0],
                    },
                    new()
                    {
                        Name = Days,
                        Label = "Expires after days",
                        Description = "Empty: never.",
                        InputType = InputType.Number,
                    },
                ],
                ValidateArguments = context =>
                {
                    if (context.Inputs[Days].Value is { Length: > 0 } days && ParseDays(days) is null)
                    {
                        context.AddValidationError(Days, "A whole number from 1 to 3650.");
                    }

                    return Task.CompletedTask;
                },
            },
            context =>
                JsonContent.Create(
                    new
                    {
                        name = context.Arguments.GetString(Name),
                        scopes = context.Arguments.GetString(Scopes)!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                        expiresAt = ParseDays(context.Arguments.GetString(Days)) is { } days
                            ? context.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(days)
                            : (DateTimeOffset?)null,
                    }
                )
        );

    private static int? ParseDays(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 3650
            ? days
            : null;

    private static IResourceBuilder<ProjectResource> WithAdminCommand(
        this IResourceBuilder<ProjectResource> service,
        SharedKeys keys,
        string path,
        string name,
        string label,
        Func<JsonElement, ExecuteCommandResult> onSuccess,
        HttpCommandOptions options,
        Func<HttpCommandRequestContext, HttpContent>? createContent = null
    )
    {
        options.PrepareRequest = async context =>
        {
            var key = await keys.Admin.Resource.GetValueAsync(context.CancellationToken);
            context.Request.Headers.Authorization = new("Bearer", key);
            context.Request.Content = createContent?.Invoke(context);
        };
        options.GetCommandResult = async context =>
        {
            var response = Parse(await context.Response.Content.ReadAsStringAsync(context.CancellationToken));
            return context.Response.IsSuccessStatusCode
                ? onSuccess(response)
                : CommandResults.Failure(Describe(response, (int)context.Response.StatusCode));
        };
        return service.WithHttpCommand(
            $"/api/v1/{service.Resource.Name}/{path}",
            label,
            commandName: name,
            commandOptions: options
        );
    }

    private static JsonElement Parse(string body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            // The body is empty or not from the service.
            return default;
        }
    }

    /// <summary>Problem details in one line: the errors by field, otherwise the detail.</summary>
    private static string Describe(JsonElement problem, int status)
    {
        if (problem.ValueKind != JsonValueKind.Object)
        {
            return $"The service responded with {status}.";
        }

        var errors =
            problem.TryGetProperty("errors", out var byField) && byField.ValueKind == JsonValueKind.Object
                ? byField.EnumerateObject().Select(field => $"{field.Name}: {field.Value[0]}")
                : [];
        var text = string.Join(" ", errors);
        return text.Length > 0 ? $"{text} ({status})"
            : problem.TryGetProperty("detail", out var detail) ? $"{detail} ({status})"
            : $"The service responded with {status}.";
    }
}
