import { Component, type ReactNode } from 'react'

/** Keeps a mistake in drawing one thing from taking the page with it. */
export class Guard extends Component<{ instead: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override componentDidCatch(error: unknown) {
    console.error('PKN: a part of the page could not be drawn', error)
  }
  override render() {
    return this.state.failed ? this.props.instead : this.props.children
  }
}
