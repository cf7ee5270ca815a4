using System.Net;
using CogniForge.Web.Clients;
using CogniForge.Web.Dashboard;
using CogniForge.Web.Runs;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Refit;

namespace CogniForge.Web.Pages;

/// <summary>A run of a training program: its metrics over the steps, and its parameters.</summary>
internal sealed class RunModel(IServingClient serving, TimeProvider time) : PageModel
{
    // What a page can show; and MLflow's largest page of points.
    private const int MaxCharts = 30;
    private const int MaxPoints = 25_000;

    // Shorter than the client's own timeout with its retries.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    /// <summary>The run; null: it cannot be shown.</summary>
    public Run? Run { get; private set; }

    /// <summary>Its metrics.</summary>
    public IReadOnlyList<MetricChart> Charts { get; private set; } = [];

    /// <summary>The number of metrics without a chart.</summary>
    public int Omitted => (Run?.Data.Metrics?.Count ?? 0) - Charts.Count;

    /// <summary>Why the run cannot be shown.</summary>
    public string? Fault { get; private set; }

    /// <summary>Renders the page.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var run = (await serving.GetRunAsync(id, either.Token)).Run;
            var charts = new List<MetricChart>();
            foreach (var latest in (run.Data.Metrics ?? []).Take(MaxCharts))
            {
                var history = await serving.GetMetricHistoryAsync(id, latest.Key, MaxPoints, either.Token);
                charts.Add(MetricChart.Create(latest, history.Metrics ?? [], history.NextPageToken is not null));
            }

            (Run, Charts) = (run, charts);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            (Fault, Response.StatusCode) = ("This run does not exist.", StatusCodes.Status404NotFound);
        }
        catch (ApiException e) when (e.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            (Fault, Response.StatusCode) = (
                "Your key cannot read runs: it lacks the scope serving:read at model serving.",
                StatusCodes.Status403Forbidden
            );
        }
        catch (Exception e) when (ServiceFault.Describe(e, cancellationToken) is { } fault)
        {
            (Fault, Response.StatusCode) = (fault, StatusCodes.Status503ServiceUnavailable);
        }

        return Page();
    }
}
