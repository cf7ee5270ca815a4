using CogniForge.Llm.Gateway;

namespace CogniForge.Llm.Limits;

/// <summary>Holds requests to the rates that all requests of their route share.</summary>
internal sealed class RouteLimiter(Limiter limiter)
{
    /// <summary>Reserves from the limits of the route; if they refuse, the key gets back what it gave.</summary>
    /// <param name="request">The request.</param>
    /// <param name="keyReservation">What the request has reserved of its key; null: the key has no limits.</param>
    /// <param name="writer">Gets the state of the route's limits if they refuse.</param>
    /// <returns>The reservation, or the refusal; neither: the route has no limits.</returns>
    public async ValueTask<(Reservation? Reservation, ErrorResponse? Refusal)> ReserveAsync(
        AdmissionRequest request,
        Reservation? keyReservation,
        IResponseWriter writer
    )
    {
        if (request.Route.Limits is not { } rates)
        {
            return default;
        }

        var limits = new KeyLimits
        {
            RequestsPerMinute = rates.RequestsPerMinute,
            TokensPerMinute = rates.TokensPerMinute,
        };
        var reservation = Reservation.Create(request, $"route:{request.Route.Name}", limits);

        // Not cancelled with the client: the key's reservation has to be taken back.
        var result = await limiter.ReserveAsync(reservation, CancellationToken.None);
        if (result.Status == ReservationStatus.Granted)
        {
            return (reservation, null);
        }

        if (keyReservation is not null)
        {
            limiter.Cancel(keyReservation);
        }

        writer.WriteLimits(result, reservation.At);
        return (null, LimitErrors.ForRoute(result, reservation, request.Route));
    }
}
