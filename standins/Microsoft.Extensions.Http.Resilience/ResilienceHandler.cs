using Polly;

// GetRequestMessage and SetRequestMessage are marked as experimental, but they are this library's own.
#pragma warning disable EXTEXP0001 // Experimental in name, as the real one is.

namespace Microsoft.Extensions.Http.Resilience;

public class ResilienceHandler : DelegatingHandler
{
    private readonly Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> _pipelineOf;

    public ResilienceHandler(Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> pipelineProvider)
    {
        ArgumentNullException.ThrowIfNull(pipelineProvider);
        _pipelineOf = pipelineProvider;
    }

    public ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        _pipelineOf = _ => pipeline;
    }

    /// <remarks>A handler inside another one, or a caller that has set a context, shares that context.</remarks>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pipeline = _pipelineOf(request);
        var outer = request.GetResilienceContext();
        var context = outer ?? ResilienceContextPool.Shared.Get(cancellationToken);
        context.SetRequestMessage(request);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(
                static async (context, state) =>
                {
                    var request = context.GetRequestMessage() ?? state.request;
                    request.SetResilienceContext(context);
                    try
                    {
                        return Outcome.FromResult(await state.self.SendInnerAsync(request, context.CancellationToken).ConfigureAwait(false));
                    }
                    catch (Exception e)
                    {
                        return Outcome.FromException<HttpResponseMessage>(e);
                    }
                },
                context,
                (self: this, request)).ConfigureAwait(false);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            request.SetResilienceContext(outer);
            if (outer is null)
                ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> SendInnerAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}
