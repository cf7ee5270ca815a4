using System.Diagnostics;
using System.Net;
using CogniForge.ServiceDefaults.Telemetry;
using CogniForge.Web.Clients;
using CogniForge.Web.Dashboard;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Refit;

namespace CogniForge.Web.Pages;

/// <summary>The overview page.</summary>
/// <remarks>
/// It needs no antiforgery token: requests carry their key in a header, so another site has no cookie to exploit.
/// Requests without a key are trusted only in Development, and only from this site.
/// </remarks>
[IgnoreAntiforgeryToken]
[DisableTracing(Handler = "Numbers")]
internal sealed class IndexModel(DashboardReader reader, ILlmClient llm) : PageModel
{
    /// <summary>The numbers of all services.</summary>
    public DashboardView Dashboard { get; private set; } = null!;

    /// <inheritdoc/>
    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context,
        PageHandlerExecutionDelegate next
    )
    {
        // Without a matching handler, Razor Pages would render the page without its numbers.
        if (context.HandlerMethod is null)
        {
            context.Result = NotFound();
            return;
        }

        await next();
    }

    /// <summary>Renders the page.</summary>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Dashboard = await reader.ExecuteAsync(cancellationToken);

    /// <summary>Renders the numbers only, after a change.</summary>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    public async Task<IActionResult> OnGetNumbersAsync(CancellationToken cancellationToken) =>
        Partial("_Numbers", await reader.ExecuteAsync(cancellationToken));

    /// <summary>Sends a chat message through the gateway; its trace spans all services.</summary>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    public async Task<IActionResult> OnPostTestMessageAsync(CancellationToken cancellationToken)
    {
        var trace = Activity.Current?.TraceId.ToString();
        try
        {
            var response = await llm.CompleteAsync(
                new("mock", [new("user", "Hello from the overview page")]),
                cancellationToken
            );
            return Partial("_TestMessage", new TestMessageResult(true, response.Choices[0].Message.Content, trace));
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return Partial(
                "_TestMessage",
                new TestMessageResult(
                    false,
                    "Your key cannot call models: it lacks the scope llm:invoke at the gateway.",
                    trace
                )
            );
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            return Partial(
                "_TestMessage",
                new TestMessageResult(
                    false,
                    "The mock model is off at the gateway; Mock:Enabled switches it on.",
                    trace
                )
            );
        }
        catch (Exception e) when (ServiceFault.Describe(e, cancellationToken) is { } fault)
        {
            return Partial("_TestMessage", new TestMessageResult(false, fault, trace));
        }
    }
}
