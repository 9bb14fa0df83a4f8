// What MedSync's app does on any engine, here on three real Calimero nodes.
import { engineSuite } from '../context/engineSuite.ts'
import { describeNetwork, PATIENTLY } from './networkStage.ts'
import { openBareCircle } from './suiteCircle.ts'

describeNetwork('three nodes', () => {
  engineSuite('the engine over Calimero nodes', openBareCircle, PATIENTLY)
})
